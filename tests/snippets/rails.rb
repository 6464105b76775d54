require "action_controller/railtie"

class Staging < Rails::Application
  config.eager_load = false
  config.secret_key_base = "staging"
  config.logger = Logger.new($stderr)
  config.hosts.clear
end

# What Active Record raises, and Rails answers with 404.
class Unknown < StandardError; end
ActionDispatch::ExceptionWrapper.rescue_responses["Unknown"] = :not_found

Booking = Struct.new(:id) do
  def self.find(id)
    raise Unknown unless id == "b-1"

    new(id)
  end
end

module MerchantConsole
  def self.cancel(booking)
    $stdout.puts "cancelled #{booking.id}"
    $stdout.flush
  end
end

# PIECE docs/triggers.md | Rails | ruby | 1 | app/controllers/conformance_tests_controller.rb

Staging.initialize!
Rails.application.routes.draw do
  # PIECE docs/triggers.md | Rails | ruby | 1 | config/routes.rb
end

require "rack/handler/puma"
Rack::Handler::Puma.run(Rails.application, Host: "127.0.0.1", Port: ENV.fetch("PORT"), Silent: true)
