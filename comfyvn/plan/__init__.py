"""Rules, asset requests and the step graph of a Program."""
