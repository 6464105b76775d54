// One notification by each of Java's own clients to Google's own host: system properties alone lead it to Google's side.

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

public class Client {
  static final URI BOOKING = URI.create(
      "https://mapsbooking.googleapis.com/v1alpha/notification/partners/20002002/bookings/b-java?updateMask=status");
  static final String BODY = "{\"name\":\"partners/20002002/bookings/b-java\",\"merchantId\":\"m\",\"serviceId\":\"s\","
      + "\"status\":\"CANCELED\"}";

  static void check(String client, int status) throws IOException {
    if (status != 200) {
      throw new IOException(client + " was answered " + status);
    }
  }

  public static void main(String[] arguments) throws Exception {
    // It cannot send PATCH, and Google's client, which is built on it, sends it so.
    HttpURLConnection connection = (HttpURLConnection) BOOKING.toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setRequestProperty("X-HTTP-Method-Override", "PATCH");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.getOutputStream().write(BODY.getBytes(StandardCharsets.UTF_8));
    check("HttpURLConnection", connection.getResponseCode());

    HttpRequest request = HttpRequest.newBuilder(BOOKING)
        .method("PATCH", HttpRequest.BodyPublishers.ofString(BODY))
        .header("Content-Type", "application/json")
        .build();
    check("HttpClient", HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
  }
}
