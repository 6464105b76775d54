# One notification by net/http to Google's own host: the environment alone leads it to Google's side.
require "json"
require "net/http"

uri = URI("https://mapsbooking.googleapis.com/v1alpha/notification/partners/20002002/bookings/b-ruby?updateMask=status")
request = Net::HTTP::Patch.new(uri, "Content-Type" => "application/json")
request.body = JSON.generate(name: "partners/20002002/bookings/b-ruby", merchantId: "m", serviceId: "s", status: "CANCELED")
answer = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }
abort("answered #{answer.code}") unless answer.code == "200"
