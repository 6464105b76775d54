import os
import secrets

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


class bookings:
    @staticmethod
    def get_or_404(booking_id):
        if booking_id != "b-1":
            raise HTTPException(404)
        return booking_id


class console:
    @staticmethod
    def cancel(booking):
        print(f"cancelled {booking}", flush=True)


# PIECE docs/triggers.md | FastAPI and Flask | python

uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]))
