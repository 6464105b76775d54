// One notification by net/http to Google's own host: the environment alone leads it to Google's side.
package main

import (
	"log"
	"net/http"
	"strings"
)

func main() {
	booking := "https://mapsbooking.googleapis.com/v1alpha/notification/partners/20002002/bookings/b-go?updateMask=status"
	body := `{"name":"partners/20002002/bookings/b-go","merchantId":"m","serviceId":"s","status":"CANCELED"}`
	request, err := http.NewRequest(http.MethodPatch, booking, strings.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		log.Fatal("answered ", answer.Status)
	}
}
