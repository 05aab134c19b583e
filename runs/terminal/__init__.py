"""What every terminal client of a product needs: `manage.py cairn` is made of these.

terminal  somebody at a console          products  which product a run belongs to
following follow to an end, ask at gates asking    show a gate and take the answer
watching  read the stream                words     an event as lines of text
screen    lines above a live bar         bar       the bar
console   the seam to the terminal       text      what may be written to it
desk      where decisions are handed in
"""
