"""MQTT: the only room that knows how messages come and go."""
