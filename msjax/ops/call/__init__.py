"""What a call of an operator goes through: arguments to arrays, the jitted function, results to handles, errors."""
