// SPDX-License-Identifier: Apache-2.0
//
// The first and only process of the guest that bochs_run.py boots: runs one program, sends what it
// prints and the files asked for to the host, and turns the machine off.
//
// In:   /run/argv, /run/env, /run/get   NUL-separated strings; /run/token: 32 characters
// Out:  over the parallel port, which Bochs writes to a file at no cost in emulated time:
//         what the program prints (stdout and stderr together),
//         then for each path in /run/get    TOKEN "file " SIZE " " PATH "\n" and SIZE bytes,
//         then                              TOKEN "exit " STATUS "\n".
// STATUS is the exit code, or 128 + the signal. The token keeps the program's own output from
// being mistaken for a frame.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT_DATA = 0x378, PORT_CONTROL = 0x37a, PORT_SHUTDOWN = 0x8900, MAX_STRINGS = 256 };

static char token[33];

static void send_bytes(const char *bytes, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    outb((unsigned char)bytes[i], PORT_DATA);
    outb(0x0d, PORT_CONTROL);  // strobe
    outb(0x0c, PORT_CONTROL);
  }
}

static char *read_file(const char *path, size_t *out_size) {
  int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) {
    if (fd >= 0) {
      close(fd);
    }
    return NULL;
  }
  size_t size = (size_t)status.st_size;
  char *bytes = calloc(1, size + 1);
  size_t have = 0;
  while (bytes != NULL && have < size) {
    ssize_t n = read(fd, bytes + have, size - have);
    if (n <= 0) {
      break;
    }
    have += (size_t)n;
  }
  close(fd);
  *out_size = have;
  return bytes;
}

// Splits a file of NUL-terminated strings; the list ends with NULL.
static char **read_strings(const char *path) {
  static char *none[1];
  size_t size = 0;
  char *bytes = read_file(path, &size);
  char **list = calloc(MAX_STRINGS + 1, sizeof *list);
  if (bytes == NULL || list == NULL) {
    return none;
  }
  size_t count = 0;
  for (char *p = bytes; p < bytes + size && count < MAX_STRINGS; p += strlen(p) + 1) {
    list[count++] = p;
  }
  return list;
}

static void run_program(int write_end) {
  char **argv = read_strings("/run/argv");
  char **env = read_strings("/run/env");
  struct rlimit core = {0, 0};
  setrlimit(RLIMIT_CORE, &core);
  dup2(write_end, 1);
  dup2(write_end, 2);
  if (argv[0] != NULL) {
    execve(argv[0], argv, env);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
  }
  _exit(127);
}

static void send_files(void) {
  for (char **path = read_strings("/run/get"); *path != NULL; ++path) {
    size_t size = 0;
    char *bytes = read_file(*path, &size);
    if (bytes == NULL) {
      continue;  // the host reports what it did not get
    }
    char head[512];
    int n = snprintf(head, sizeof head, "%sfile %zu %s\n", token, size, *path);
    send_bytes(head, (size_t)n);
    send_bytes(bytes, size);
    free(bytes);
  }
}

static void mount_file_systems(void) {
  static const char *const mounts[][3] = {
      {"proc", "/proc", "proc"}, {"sysfs", "/sys", "sysfs"}, {"dev", "/dev", "devtmpfs"}};
  for (size_t i = 0; i < sizeof mounts / sizeof mounts[0]; ++i) {
    mkdir(mounts[i][1], 0755);
    mount(mounts[i][0], mounts[i][1], mounts[i][2], 0, NULL);
  }
  mkdir("/tmp", 01777);
}

int main(void) {
  iopl(3);
  mount_file_systems();
  size_t size = 0;
  char *text = read_file("/run/token", &size);
  if (text != NULL) {
    memcpy(token, text, size < 32 ? size : 32);
  }
  int ends[2];
  int status = 127 << 8;
  if (pipe(ends) == 0) {
    pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      run_program(ends[1]);
    }
    close(ends[1]);
    char buffer[4096];
    ssize_t n;
    while ((n = read(ends[0], buffer, sizeof buffer)) > 0) {
      send_bytes(buffer, (size_t)n);
    }
    waitpid(child, &status, 0);
  }
  send_files();
  char tail[64];
  int n = snprintf(tail, sizeof tail, "%sexit %d\n", token,
                   WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  send_bytes(tail, (size_t)n);
  for (const char *p = "Shutdown"; *p != '\0'; ++p) {
    outb((unsigned char)*p, PORT_SHUTDOWN);
  }
  for (;;) {
    pause();
  }
}
