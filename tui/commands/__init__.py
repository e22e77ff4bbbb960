"""What each command does, one module each; ``carry_out`` takes its options and gives the exit code."""
