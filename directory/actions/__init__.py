"""What changes the directory. Every action is atomic and leaves an event."""
