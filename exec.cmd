@rem The start script says `exec`, so that sh gives its place, and with it the signals, to Node. cmd has no such word.
@%*
