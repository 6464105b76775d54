// One notification by Node's own fetch to Google's own host: the environment alone leads it to Google's side.

const answer = await fetch(
  "https://mapsbooking.googleapis.com/v1alpha/notification/partners/20002002/bookings/b-fetch?updateMask=status",
  {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      name: "partners/20002002/bookings/b-fetch",
      merchantId: "m",
      serviceId: "s",
      status: "CANCELED",
    }),
  },
);
if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
