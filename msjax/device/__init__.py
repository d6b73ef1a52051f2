"""The devices: which there are, their memory and streams, the processes that share them."""
