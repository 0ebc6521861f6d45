"""What check.py looks at, one concern a module; none of them imports anything but the standard library."""
