"""Services in memory as the tests of all services use them."""
