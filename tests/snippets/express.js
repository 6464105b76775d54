const express = require("express");

const app = express();
const bookings = { find: async (id) => (id === "b-1" ? { id } : undefined) };
const merchantConsole = { cancel: async (booking) => console.log(`cancelled ${booking.id}`) };

// PIECE docs/triggers.md | Express | js

app.listen(Number(process.env.PORT), "127.0.0.1");
