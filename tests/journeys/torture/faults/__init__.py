"""What can break in an office: one small class a fault, drawn by chance, struck, and healed again."""
