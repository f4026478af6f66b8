#!/usr/bin/env python3
"""Runs the commands of one section of shown-commands.txt as a reader of the pages would.

    .ci/shown.py NUMBER|NAME|all

NUMBER chooses among the sections that are run, counted around. Each command must end with 0; its time is printed.
"""

import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import wave
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT = 240  # seconds; what takes longer is not run

# Folders of photos/, and the drawings in them: enough for a test split of their own.
CLASSES = {
    "maple_tree": "evergreen tree, palm tree, christmas tree, herb, four leaf clover, sheaf of rice",
    "vehicle": "automobile, bus, delivery truck, fire engine, police car, taxi",
    "fruit": "grapes, green apple, pear, pineapple, tangerine, watermelon",
    "instrument": "headphone, microphone, musical notes, radio, trumpet, violin",
}


def sections():
    """The sections that are run: names and their commands."""
    found, commands = [], None
    for line in (ROOT / ".ci" / "shown-commands.txt").read_text().splitlines():
        section = re.fullmatch(r"\[(run|parsed): (.*)\]", line)
        if section:
            commands = []
            if section[1] == "run":
                found.append((section[2], commands))
        elif line and not line.startswith("#"):
            commands.append(line)
    return found


def photographs(place):
    """Drawings of four classes; one of each is put aside as a new one."""
    with zipfile.ZipFile(ROOT / "conf" / "demo" / "emoji.zip") as drawings:
        for folder in ("new", *(f"photos/{name}" for name in CLASSES)):
            (place / folder).mkdir(parents=True)
        for file in sorted(drawings.namelist()):
            _, drawn, artist = file.split("/")
            for name, of in CLASSES.items():
                if drawn in of.split(", "):
                    folder = "new" if artist.startswith("emojione") else f"photos/{name}"
                    (place / folder / f"{drawn} {artist}".replace(" ", "-")).write_bytes(drawings.read(file))
    shutil.copytree(place / "new", place / "new-pictures")


def shown_configuration(page, name):
    """A configuration as a page shows it, below its name."""
    lines = (ROOT / "docs" / page).read_text().splitlines()
    block = lines[lines.index(f"    # {name}") :]
    return "\n".join(line[4:] for line in block[: block.index("")]) + "\n"


def tone(file, hertz, seconds, rate=16000):
    """A square wave."""
    file.parent.mkdir(parents=True, exist_ok=True)
    samples = (8000 if int(2 * hertz * t / rate) % 2 else -8000 for t in range(int(seconds * rate)))
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(b"".join(struct.pack("<h", s) for s in samples))


def sounds(place):
    """Low and high tones, and two recordings that are longer."""
    for name, hertz in (("low_hum", 110), ("whistle", 1760)):
        for take in range(6):
            tone(place / "sounds" / name / f"{take}.wav", hertz * (1 + take / 20), 1.5)
        tone(place / "recordings" / f"{name}.wav", hertz, 12)
        tone(place / "new" / f"{name}.wav", hertz * 1.07, 1.5)


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def clip(file, step, frames=16, size=32):
    """An uncompressed AVI of a bright square that moves by so many pixels a frame."""
    pictures = []
    for number in range(frames):
        left = (8 + step * number) % (size - 8)
        rows = [
            bytes(c for x in range(size) for c in ((230, 230, 230) if left <= x < left + 8 and 12 <= y < 20 else (30, 40, 50)))
            for y in range(size)
        ]
        pictures.append(b"".join(rows))
    frame = size * size * 3
    main = struct.pack("<14I", 100000, frame * 10, 0, 16, frames, 0, 1, frame, size, size, 0, 0, 0, 0)
    stream = b"vidsDIB " + struct.pack("<IHHIIIIIIII4H", 0, 0, 0, 0, 1, 10, 0, frames, frame, 0, 0, 0, 0, size, size)
    pixels = struct.pack("<IiiHHIIiiII", 40, size, size, 1, 24, 0, frame, 0, 0, 0, 0)
    header = b"hdrl" + chunk(b"avih", main) + chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", pixels))
    movie = b"movi" + b"".join(chunk(b"00db", picture) for picture in pictures)
    index = b"".join(
        b"00db" + struct.pack("<III", 16, 4 + number * (frame + 8), frame) for number in range(frames)
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(chunk(b"RIFF", b"AVI " + chunk(b"LIST", header) + chunk(b"LIST", movie) + chunk(b"idx1", index)))


def videos(place):
    """A square that goes to the right, and one that goes to the left."""
    for name, step in (("goes_left", -1), ("goes_right", 1)):
        for take in range(6):
            clip(place / "videos" / name / f"{take}.avi", step * (1 + take % 3))


def serve(command, place, log):
    """Starts the page, asks it about an image, ends it as Ctrl-C does."""
    server = subprocess.Popen(
        command + " --port 0", shell=True, cwd=place, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
    )
    ended = threading.Timer(LIMIT, os.killpg, (server.pid, signal.SIGKILL))
    ended.start()
    try:
        address = next((m[1] for m in (re.match(r"serves (\S+)", line) for line in server.stdout) if m), None)
        if address is None:
            return server.wait(LIMIT) or 1
        image = next((place / "photos").rglob("*.png")).read_bytes()
        asked = urllib.request.Request(address.rstrip("/") + "/api/predictions", image)
        answer = urllib.request.urlopen(asked, timeout=LIMIT).read()
        return 0 if b"probability" in answer else 1
    finally:
        ended.cancel()
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(LIMIT)


def run(command, place):
    """Its exit status and its output."""
    with tempfile.TemporaryFile("w+") as log:
        try:
            if re.match(r"submit/lsg serve ", command):
                status = serve(command, place, log)
            else:
                status = subprocess.run(
                    command, shell=True, cwd=place, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=LIMIT
                ).returncode
        except subprocess.TimeoutExpired:
            status = 124
        log.seek(0)
        return status, log.read()


def section(name, commands):
    """Whether all commands of a section went well, in a place of their own."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        for there in ("submit", "conf"):
            (place / there).symlink_to(ROOT / there)
        photographs(place)
        if any(" sounds" in c for c in commands):
            shutil.rmtree(place / "new")
            sounds(place)
        if any(" videos" in c for c in commands):
            videos(place)
        before = ["submit/lsg init photos --output mine.conf", "cp mine.conf my.conf"]
        if any(" select " in c for c in commands):
            (place / "photos.conf").write_text(shown_configuration("curation.md", "photos.conf"))
        elif any("photos.conf" in c for c in commands) and not any("try photos" in c for c in commands):
            before.append("cp mine.conf photos.conf")
        for command in before + commands:
            begin = time.monotonic()
            status, output = run(command, place)
            print(f"ci: {name}: {time.monotonic() - begin:5.1f} s  {command}", flush=True)
            if status != 0:
                print("\n".join(output.splitlines()[-30:]))
                print(f"ci: {name}: ended with {status}: {command}", flush=True)
                return False
    return True


def main():
    known = sections()
    asked = sys.argv[1]
    if asked.isdigit():
        known = [known[int(asked) % len(known)]]
    elif asked != "all":
        known = [s for s in known if s[0] == asked] or sys.exit(f"no section is run that is called {asked}")
    sys.exit(0 if all([section(*s) for s in known]) else 1)


main()
