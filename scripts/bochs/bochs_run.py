#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one Linux program on an emulated AVX-512 machine.

    scripts/bochs/bochs_run.py [options] -- PROGRAM [ARGS...]

For machines without AVX-512: boots Debian's cloud kernel under Bochs (CPU model Skylake-X: AVX-512
F, BW, DQ, VL, CD) with the program, its shared libraries and the files named packed into memory,
prints what it prints, brings files back, and exits with its exit code. About 8 s to boot, then
some 50 million instructions per second (Zen 3 host, Bochs 2.7).

Needs the Debian packages bochs, bochs-term, lz4, cpio, gcc, libc6-dev; a kernel is taken from
--kernel, /boot, or once by `apt-get download` into the cache folder.

--bochs (or SKARN_BOCHS) names another build of Bochs, with the `nogui` display: built from source
without the debugger, with --enable-handlers-chaining, it is three times as fast.

Exit codes of its own: 124 the time limit passed, 125 the emulated machine failed.
"""
import argparse
import glob
import gzip
import lzma
import os
import pty
import re
import secrets
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
KERNEL_AT, PARAMS_AT, COMMAND_LINE_AT = 0x1000000, 0x90000, 0x91000
IMAGE_LIMIT = 0x8000000  # boot.S touches the pages below

# Bochs 2.7's XSAVES layout does not agree with its own CPUID, so Linux is told to go without.
# trace_eval_init and the crypto self tests are a third of the boot.
COMMAND_LINE = ("console=ttyS0,115200 quiet loglevel=1 acpi=off pci=off noapic nolapic "
                "mitigations=off cryptomgr.notests random.trust_cpu=on "
                "clearcpuid=xsaves,xsavec initcall_blacklist=trace_eval_init panic=-1")

CONFIG = """\
display_library: {display}
cpu: model={cpu}, count=1, ips=100000000, reset_on_triple_fault=0{features}
memory: guest={memory}, host={memory}
romimage: file={work}/rom.bin
vgaromimage: file={work}/vga.bin
optramimage1: file={work}/boot.img, address=0x90000
optramimage2: file={work}/memory.img, address=0x1000000
vga: extension=none
floppya: type=none
ata0: enabled=0
com1: enabled=1, mode=file, dev={work}/console.txt
parport1: enabled=1, file={work}/out.bin
log: {work}/bochs.log
panic: action=fatal
error: action=report
info: action=ignore
clock: sync=none
{plugins}"""


def fail(message):
    print("bochs_run: " + message, file=sys.stderr)
    sys.exit(125)


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = os.path.join(base, "skarn-bochs")
    os.makedirs(path, exist_ok=True)
    return path


def download_kernel(cache):
    """The newest cloud kernel package of the distribution, unpacked; the path of its bzImage."""
    out = subprocess.run(["apt-cache", "depends", "linux-image-cloud-amd64"],
                         capture_output=True, text=True, check=False).stdout
    names = re.findall(r"Depends: (linux-image-\S+)", out)
    if not names:
        fail("no kernel: give --kernel, or install linux-image-cloud-amd64")
    subprocess.run(["apt-get", "download", names[0]], cwd=cache, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for package in glob.glob(os.path.join(cache, "linux-image-*.deb")):
        subprocess.run(["dpkg", "-x", package, os.path.join(cache, "kernel")], check=True)
        os.unlink(package)
    return glob.glob(os.path.join(cache, "kernel/boot/vmlinuz-*"))[0]


def find_kernel(option, cache):
    for pattern in (option or os.environ.get("SKARN_BOCHS_KERNEL") or "/boot/vmlinuz-*-cloud-amd64",
                    os.path.join(cache, "kernel/boot/vmlinuz-*")):
        found = sorted(glob.glob(pattern))
        if found:
            return found[-1]
    return download_kernel(cache)


def pipe_through(command, data):
    if shutil.which(command[0]) is None:
        fail("the kernel is packed with %s, which is not installed" % command[0])
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def unpack_kernel(image):
    """bzImage bytes -> vmlinux ELF bytes (the payload's last 4 bytes are its unpacked size)."""
    start = (image[0x1f1] + 1) * 512 + struct.unpack_from("<I", image, 0x248)[0]
    payload = image[start:start + struct.unpack_from("<I", image, 0x24c)[0]]
    if payload[:4] == b"\x02\x21\x4c\x18":
        return pipe_through(["lz4", "-d", "-c"], payload[:-4])
    if payload[:4] == b"\x28\xb5\x2f\xfd":
        return pipe_through(["zstd", "-d", "-c"], payload[:-4])
    if payload[:6] == b"\xfd7zXZ\0":
        return lzma.LZMADecompressor().decompress(payload)
    if payload[:2] == b"\x1f\x8b":
        return gzip.decompress(payload[:-4])
    return fail("unknown packing of the kernel")


def flatten_kernel(elf):
    """vmlinux ELF bytes -> the bytes of physical memory from KERNEL_AT on."""
    memory = bytearray()
    table, = struct.unpack_from("<Q", elf, 32)
    count, = struct.unpack_from("<H", elf, 56)
    for i in range(count):
        kind, _, at, _, physical, size, total, _ = struct.unpack_from("<IIQQQQQQ", elf,
                                                                      table + 56 * i)
        if kind == 1:
            low = physical - KERNEL_AT
            memory.extend(bytes(max(0, low + total - len(memory))))
            memory[low:low + size] = elf[at:at + size]
    memory.extend(bytes(-len(memory) % 4096))
    return bytes(memory)


def kernel_memory(path, cache):
    """Flattened kernel, kept in the cache folder by the kernel's name, size and date."""
    info = os.stat(path)
    name = "%s-%d-%d.img" % (os.path.basename(path), info.st_size, info.st_mtime)
    cached = os.path.join(cache, name)
    if not os.path.exists(cached):
        with open(path, "rb") as file:
            memory = flatten_kernel(unpack_kernel(file.read()))
        with open(cached + ".new", "wb") as file:
            file.write(memory)
        os.rename(cached + ".new", cached)
    with open(cached, "rb") as file:
        return file.read()


def boot_block(kernel_path, ramdisk_at, ramdisk_size, memory_bytes):
    """boot_params, command line and page tables (Linux Documentation/x86/boot.rst)."""
    with open(kernel_path, "rb") as file:
        setup = file.read(0x400)
    params = bytearray(4096)
    end = 0x202 + setup[0x201]
    params[0x1f1:end] = setup[0x1f1:end]
    params[0x210] = 0xff                                                # loader: unassigned
    struct.pack_into("<II", params, 0x218, ramdisk_at, ramdisk_size)
    struct.pack_into("<I", params, 0x228, COMMAND_LINE_AT)
    params[0x1e8] = 2                                                   # e820 entries
    struct.pack_into("<QQI", params, 0x2d0, 0, 0x9f000, 1)
    struct.pack_into("<QQI", params, 0x2e4, 0x100000, memory_bytes - 0x100000, 1)
    tables = struct.pack("<Q", 0x94003).ljust(4096, b"\0")
    tables += struct.pack("<4Q", *(i << 30 | 0x83 for i in range(4))).ljust(4096, b"\0")
    return bytes(params) + COMMAND_LINE.encode().ljust(0x2000, b"\0") + tables


def compile_guest(cache):
    """Builds the ROM and the init program into the cache folder when their sources are newer."""
    rom, init = os.path.join(cache, "rom.bin"), os.path.join(cache, "init")
    sources = [os.path.join(HERE, "boot.S"), os.path.join(HERE, "init.c")]
    newest = max(os.path.getmtime(s) for s in sources)
    if all(os.path.exists(p) and os.path.getmtime(p) > newest for p in (rom, init)):
        return rom, init
    with tempfile.TemporaryDirectory(dir=cache) as work:
        subprocess.run(["gcc", "-c", sources[0], "-o", work + "/rom.o"], check=True)
        subprocess.run(["objcopy", "-O", "binary", "-j", ".text", work + "/rom.o",
                        work + "/rom.bin"], check=True)
        subprocess.run(["gcc", "-O1", "-static", "-D_GNU_SOURCE", sources[1], "-o",
                        work + "/init"], check=True)
        os.rename(work + "/rom.bin", rom)
        os.rename(work + "/init", init)
    return rom, init


def shared_libraries(program):
    """Every file the dynamic linker needs for the program; none for a static one."""
    out = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    missing = re.findall(r"(\S+) => not found", out.stdout)
    if missing:
        fail("shared library not found: " + ", ".join(missing))
    return re.findall(r"(/\S+) \(0x", out.stdout) if out.returncode == 0 else []


def stage(root, host, guest):
    """Copies one file or folder to its place under the root of the guest."""
    target = os.path.join(root, guest.lstrip("/"))
    if os.path.isdir(host):
        shutil.copytree(host, target, dirs_exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(host, target)


def build_root(options, root, init, token):
    program = os.path.abspath(options.command[0])
    if not os.path.isfile(program):
        fail("no such program: " + options.command[0])
    stage(root, init, "/init")
    stage(root, program, program)
    files = [f.partition("=") for f in options.file]
    files = [(os.path.abspath(h), g or os.path.abspath(h)) for h, _, g in files]
    for host, guest in files:
        if not os.path.exists(host):
            fail("no such file: " + host)
        stage(root, host, guest)
    for binary in [program] + [host for host, _ in files if host.endswith(".so")]:
        for library in shared_libraries(binary):
            stage(root, library, library)
    os.makedirs(os.path.join(root, "run"), exist_ok=True)
    wanted = [g.partition("=")[0] for g in options.get]
    environment = ["PATH=/bin:/usr/bin", "HOME=/tmp"] + options.env
    for name, strings in (("argv", [program] + options.command[1:]), ("env", environment),
                          ("get", wanted)):
        with open(os.path.join(root, "run", name), "wb") as file:
            file.write(b"".join(s.encode() + b"\0" for s in strings))
    with open(os.path.join(root, "run", "token"), "w", encoding="ascii") as file:
        file.write(token)


def pack_root(root):
    names = subprocess.run(["find", ".", "-print0"], cwd=root, stdout=subprocess.PIPE, check=True)
    return subprocess.run(["cpio", "-0", "-o", "-H", "newc", "-R", "0:0", "--quiet"], cwd=root,
                          input=names.stdout, stdout=subprocess.PIPE, check=True).stdout


class Emulator:
    """What the Bochs at hand was built with."""

    def __init__(self, program):
        self.program = shutil.which(program)
        if self.program is None:
            fail(program + " is not installed")
        text = subprocess.run([self.program, "--help"], capture_output=True, text=True,
                              check=False)
        text = text.stdout + text.stderr
        self.debugger = "-rc filename" in text
        features = subprocess.run([self.program, "--help", "features"], capture_output=True,
                                  text=True, check=False)
        self.packaged = "ne2k" in features.stdout + features.stderr

    def command(self):
        return [self.program, "-q", "-f", "bochsrc"] + (["-rc", "debugger"] if self.debugger else [])

    def config(self, options, work):
        features = ', add_features="%s"' % options.features if options.features else ""
        return CONFIG.format(work=work, memory=options.memory, cpu=options.cpu, features=features,
                             display="term" if self.packaged else "nogui",
                             plugins="plugin_ctrl: parallel=1\n" if self.packaged else "")


def write_machine(options, emulator, work, cache):
    kernel_path = find_kernel(options.kernel, cache)
    kernel = kernel_memory(kernel_path, cache)
    rom, init = compile_guest(cache)
    token = secrets.token_hex(16)
    root = os.path.join(work, "root")
    os.mkdir(root)
    build_root(options, root, init, token)
    ramdisk = pack_root(root)
    if KERNEL_AT + len(kernel) + len(ramdisk) > IMAGE_LIMIT:
        fail("the files to pack come to %d MiB, too many" % (len(ramdisk) >> 20))
    shutil.copy(rom, os.path.join(work, "rom.bin"))
    with open(os.path.join(work, "vga.bin"), "wb") as file:
        file.write(b"\x55\xaa\x04\xcb".ljust(2047, b"\0") + b"\x32")  # wanted, but never run
    with open(os.path.join(work, "memory.img"), "wb") as file:
        file.write(kernel + ramdisk)
    with open(os.path.join(work, "boot.img"), "wb") as file:
        file.write(boot_block(kernel_path, KERNEL_AT + len(kernel), len(ramdisk),
                              options.memory << 20))
    with open(os.path.join(work, "bochsrc"), "w", encoding="ascii") as file:
        file.write(emulator.config(options, work))
    with open(os.path.join(work, "debugger"), "w", encoding="ascii") as file:
        file.write("c\n")  # Debian builds Bochs with its debugger, which starts at a prompt
    return token.encode()


class Output:
    """Follows the guest's output file: prints the program's part, keeps the frames behind it."""

    def __init__(self, path, token):
        self.path, self.token, self.bytes, self.printed = path, token, b"", 0

    def poll(self):
        if os.path.exists(self.path):
            with open(self.path, "rb") as file:
                file.seek(len(self.bytes))
                self.bytes += file.read()
        end = self.bytes.find(self.token)
        end = end if end >= 0 else max(self.printed, len(self.bytes) - len(self.token))
        sys.stdout.buffer.write(self.bytes[self.printed:end])
        sys.stdout.buffer.flush()
        self.printed = end

    def frames(self):
        """(exit status or None, {guest path: bytes})"""
        files, at = {}, self.bytes.find(self.token)
        while at >= 0:
            line, _, rest = self.bytes[at + len(self.token):].partition(b"\n")
            kind, _, value = line.partition(b" ")
            if kind == b"exit":
                return int(value), files
            size, _, name = value.partition(b" ")
            files[name.decode()] = rest[:int(size)]
            at = self.bytes.find(self.token, len(self.bytes) - len(rest) + int(size))
        return None, files


def run_machine(emulator, work, output, limit):
    """Starts Bochs on a terminal of its own (its only text display wants one); True if it ended."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "vt100"
        os.chdir(work)
        try:
            os.execv(emulator.program, emulator.command())
        except OSError:
            os._exit(127)
    deadline = time.monotonic() + limit
    ended = False
    while not ended and time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                ended = not os.read(terminal, 65536)
            except OSError:
                ended = True
        output.poll()
    if not ended:
        os.kill(child, 9)
    os.waitpid(child, 0)
    output.poll()
    return ended


def report_failure(work):
    for name in ("bochs.log", "console.txt"):
        path = os.path.join(work, name)
        if os.path.exists(path):
            with open(path, errors="replace", encoding="utf-8") as file:
                lines = file.read().splitlines()[-8:]
            print("\n".join("%s: %s" % (name, line) for line in lines), file=sys.stderr)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kernel", help="bzImage to boot")
    parser.add_argument("--bochs", default=os.environ.get("SKARN_BOCHS", "bochs"),
                        help="program to use (bochs)")
    parser.add_argument("--cpu", default="corei7_skylake_x", help="processor (corei7_skylake_x)")
    parser.add_argument("--features", default="",
                        help="more features of the processor, Bochs 3 only: 'avx512vnni avx512bf16'")
    parser.add_argument("--memory", type=int, default=256, help="MiB of the guest (256)")
    parser.add_argument("--timeout", type=float, default=300, help="seconds (300)")
    parser.add_argument("--file", action="append", default=[], metavar="HOST[=GUEST]",
                        help="file or folder to pack as well")
    parser.add_argument("--get", action="append", default=[], metavar="GUEST=HOST",
                        help="file to bring back")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("command", nargs="+", metavar="-- PROGRAM [ARGS]")
    return parser.parse_args()


def main():
    options = parse_options()
    emulator = Emulator(options.bochs)
    cache = cache_folder()
    with tempfile.TemporaryDirectory(prefix="skarn-bochs-") as work:
        token = write_machine(options, emulator, work, cache)
        output = Output(os.path.join(work, "out.bin"), token)
        ended = run_machine(emulator, work, output, options.timeout)
        status, files = output.frames()
        if status is None:
            report_failure(work)
            if not ended:
                print("bochs_run: time limit passed", file=sys.stderr)
            return 125 if ended else 124
    for pair in options.get:
        guest, _, host = pair.partition("=")
        if guest not in files:
            fail("the program left no file " + guest)
        with open(host or os.path.basename(guest), "wb") as file:
            file.write(files[guest])
    return status


if __name__ == "__main__":
    sys.exit(main())
