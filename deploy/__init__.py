"""What a machine needs round the programs: set-up, the demo, the sample office."""
