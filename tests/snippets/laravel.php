<?php
use App\Staging\Booking;
use App\Staging\MerchantConsole;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;

// PIECE docs/triggers.md | Laravel | php
