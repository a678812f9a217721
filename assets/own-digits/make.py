# make.py: draws the digits of this folder: strokes of several hands, distorted, on paper that is not quite white.
#
#     python3 make.py        writes 0/00.png to 9/23.png beside itself (Pillow 11 or later); the same files each time
import math
import os
import random

from PIL import Image, ImageDraw

SIDE, LARGE, EACH = 40, 8, 24  # pixels of a picture; how much larger it is drawn; pictures of a digit


def arc(x, y, rx, ry, start, end, n=24):
    """Points of an ellipse, from one angle to another in degrees: 0 is to the right, 90 down."""
    return [(x + rx * math.cos(math.radians(start + (end - start) * i / n)),
             y + ry * math.sin(math.radians(start + (end - start) * i / n))) for i in range(n + 1)]


# Each digit as people write it, in a box of 1 by 1: ways, each a list of strokes, each a list of points.
WAYS = {
    0: [[arc(.5, .5, .32, .47, -90, 270)], [arc(.5, .5, .38, .44, -60, 310)], [arc(.5, .5, .26, .47, -120, 235)]],
    1: [[[(.5, .03), (.5, .97)]], [[(.3, .25), (.55, .03), (.55, .97)]],
        [[(.32, .22), (.52, .03), (.52, .97)], [(.3, .97), (.74, .97)]], [[(.58, .03), (.42, .97)]]],
    2: [[arc(.5, .28, .3, .25, 190, 380) + [(.22, .95), (.8, .95)]],
        [arc(.48, .27, .3, .24, 200, 395) + [(.3, .86)] + arc(.34, .86, .1, .09, 180, 420) + [(.82, .92)]],
        [arc(.5, .26, .27, .23, 180, 400) + [(.2, .93), (.5, .9), (.82, .96)]]],
    3: [[arc(.46, .27, .27, .24, 200, 440) + arc(.46, .73, .3, .25, -85, 150)],
        [[(.22, .05), (.76, .05), (.45, .4)] + arc(.46, .69, .29, .28, -80, 150)],
        [arc(.45, .28, .25, .24, 220, 430) + arc(.45, .72, .32, .25, -70, 170)]],
    4: [[[(.62, .97), (.62, .03), (.15, .68), (.86, .68)]], [[(.25, .05), (.2, .55), (.82, .55)], [(.7, .1), (.66, .97)]],
        [[(.5, .03), (.18, .62), (.84, .6)], [(.64, .35), (.6, .97)]]],
    5: [[[(.76, .05), (.3, .05), (.26, .44)] + arc(.46, .67, .3, .28, -130, 150)],
        [[(.3, .06), (.27, .45)] + arc(.45, .68, .32, .27, -120, 160), [(.3, .06), (.78, .04)]],
        [[(.72, .07), (.34, .05), (.3, .4)] + arc(.44, .66, .27, .29, -110, 140)]],
    6: [[[(.68, .04), (.4, .3)] + arc(.5, .69, .28, .27, 200, 560)], [[(.6, .03), (.28, .5)] + arc(.49, .7, .24, .26, 170, 530)],
        [arc(.62, .5, .36, .46, 250, 180) + arc(.5, .71, .25, .25, 190, 550)]],
    7: [[[(.18, .05), (.8, .05), (.42, .97)]], [[(.2, .08), (.78, .05), (.36, .97)], [(.36, .5), (.74, .48)]],
        [[(.2, .18), (.22, .06), (.78, .06), (.5, .5), (.45, .97)]]],
    8: [[arc(.5, .26, .23, .23, 90, 450) + arc(.5, .73, .29, .25, -90, 270)],
        [arc(.52, .26, .24, .22, -20, -250) + arc(.48, .74, .28, .24, -70, 250) + [(.7, .2)]],
        [arc(.5, .27, .2, .24, 90, 450) + arc(.5, .74, .25, .24, -90, 270)]],
    9: [[arc(.48, .29, .26, .26, 0, 360) + [(.72, .3), (.68, .97)]], [arc(.46, .28, .25, .24, -20, 335) + [(.6, .97)]],
        [arc(.5, .3, .27, .26, -30, 330) + arc(.42, .62, .32, .35, -30, 110)]],
}


def draw(digit, dice):
    turn, lean = math.radians(dice.uniform(-14, 14)), dice.uniform(-.22, .22)
    wide, high = dice.uniform(.4, .62), dice.uniform(.55, .74)
    dx, dy = dice.uniform(-.09, .09), dice.uniform(-.07, .07)
    phase = [dice.uniform(0, 2 * math.pi) for _ in range(4)]
    bend = dice.uniform(0, .035)
    paper, ink = dice.randrange(200, 250), dice.randrange(20, 90)
    pen = dice.uniform(1.6, 3.4) * LARGE

    def place(x, y):
        x, y = x + bend * math.sin(7 * y + phase[0]), y + bend * math.sin(7 * x + phase[1])
        x, y = (x - .5 + lean * (.5 - y)) * wide, (y - .5) * high
        x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        return (x + .5 + dx) * SIDE * LARGE, (y + .5 + dy) * SIDE * LARGE

    image = Image.new("L", (SIDE * LARGE, SIDE * LARGE), paper)
    pencil = ImageDraw.Draw(image)
    for stroke in dice.choice(WAYS[digit]):
        points = [place(*p) for p in stroke]
        pencil.line(points, fill=ink, width=round(pen), joint="curve")
        for x, y in (points[0], points[-1]):
            pencil.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=ink)
    return image.resize((SIDE, SIDE), Image.Resampling.BOX)


here = os.path.dirname(os.path.abspath(__file__))
for digit in range(10):
    os.makedirs(f"{here}/{digit}", exist_ok=True)
    for i in range(EACH):
        draw(digit, random.Random(1000 * digit + i)).save(f"{here}/{digit}/{i:02}.png", optimize=True)
