"""`qnet code`: stabilizer codes by name; each command in a file of its own."""
