// SPDX-License-Identifier: Apache-2.0
// Runs a command and says how long the whole process took and how much memory it had at most.
//
//   launch RESULT COMMAND ARG...   RESULT: file that receives {"wall_us": .., "peak_kb": ..}
//
// wall_us runs from just before the process is made to its end. peak_kb is the high-water mark of
// resident memory. Both would include the parent if that were a Python process: the kernel
// carries the mark of the image that called exec over into the new one, so the launching process
// has to be smaller than any command it measures. Output goes where it would go otherwise; the
// exit status is the command's, 126 where it was killed, 127 where it could not be started.
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: launch RESULT COMMAND ARG...\n");
    return 2;
  }
  pid_t pid;
  double start = now_us();
  int error = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
  if (error) {
    fprintf(stderr, "launch: %s: %s\n", argv[2], strerror(error));
    return 127;
  }
  int status;
  struct rusage usage;
  if (wait4(pid, &status, 0, &usage) != pid) {
    perror("launch: wait4");
    return 127;
  }
  double wall = now_us() - start;
  FILE *result = fopen(argv[1], "w");
  if (!result) {
    perror(argv[1]);
    return 127;
  }
  fprintf(result, "{\"wall_us\": %.1f, \"peak_kb\": %ld}\n", wall, usage.ru_maxrss);
  if (fclose(result)) {
    perror(argv[1]);
    return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
