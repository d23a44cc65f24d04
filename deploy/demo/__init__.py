"""What a demo begins with: hospitals, users, synthetic persons and their courses; the same each time."""
