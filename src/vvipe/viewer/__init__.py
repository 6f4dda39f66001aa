"""The viewer in the browser: its state, what it draws, and its page."""
