import os
import secrets

from flask import Flask, abort, request

app = Flask("staging")


class bookings:
    @staticmethod
    def get_or_404(booking_id):
        if booking_id != "b-1":
            abort(404)
        return booking_id


class console:
    @staticmethod
    def cancel(booking):
        print(f"cancelled {booking}", flush=True)


# PIECE docs/triggers.md | FastAPI and Flask | python | 2

app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
