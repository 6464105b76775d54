<?php
// One notification by curl to Google's own host: environment and php.ini alone lead it to Google's side.
$curl = curl_init("https://mapsbooking.googleapis.com/v1alpha/notification/partners/20002002/bookings/b-php?updateMask=status");
curl_setopt_array($curl, [
    CURLOPT_CUSTOMREQUEST => "PATCH",
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => ["Content-Type: application/json"],
    CURLOPT_POSTFIELDS => json_encode(["name" => "partners/20002002/bookings/b-php", "merchantId" => "m", "serviceId" => "s", "status" => "CANCELED"]),
]);
curl_exec($curl);
$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
if ($status !== 200) {
    fwrite(STDERR, "answered $status " . curl_error($curl) . "\n");
    exit(1);
}
