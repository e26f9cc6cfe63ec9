"""What runs Throughline: the embedded services, the demo, the set-up and the containers' data."""
