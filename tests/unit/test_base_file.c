// SPDX-License-Identifier: Apache-2.0
// Whole files: mapped and read ones, pipes, special files, everything that can be wrong with a
// path, replacement by rename, permissions, links, limits, allocation failure.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"

static char dir[64];

static const char *path_of(const char *name) {
  static char paths[4][PATH_MAX];
  static int turn;
  char *path = paths[turn++ % 4];
  snprintf(path, PATH_MAX, "%s/%s", dir, name);
  return path;
}

static int make_dir(void **state) {
  (void)state;
  snprintf(dir, sizeof dir, "/tmp/skarn-test-file-XXXXXX");
  return mkdtemp(dir) ? 0 : -1;
}

static int count_entries(void) {
  DIR *open_dir = opendir(dir);
  int count = 0;
  while (open_dir && readdir(open_dir)) {
    count++;
  }
  closedir(open_dir);
  return count - 2;
}

static int remove_dir(void **state) {
  (void)state;
  DIR *open_dir = opendir(dir);
  for (struct dirent *entry; open_dir && (entry = readdir(open_dir));) {
    if (entry->d_name[0] != '.') {
      unlink(path_of(entry->d_name));
      rmdir(path_of(entry->d_name));
    }
  }
  closedir(open_dir);
  return rmdir(dir);
}

static void check_error(sk_status status, sk_code code, const char *part, const char *other) {
  assert_non_null(status);
  assert_int_equal(sk_status_code(status), code);
  if (!strstr(sk_status_message(status), part) || !strstr(sk_status_message(status), other)) {
    fail_msg("'%s' lacks '%s' or '%s'", sk_status_message(status), part, other);
  }
  sk_status_free(status);
}

static void check_round_trip(size_t len) {
  uint8_t *data = malloc(len + 1);
  assert_non_null(data);
  for (size_t i = 0; i < len; i++) {
    data[i] = (uint8_t)(i * 31 + len);
  }
  const char *path = path_of("data");
  assert_null(sk_file_write(path, data, len));
  sk_file file;
  assert_null(sk_file_open(path, 0, &file));
  assert_int_equal(file.len, len);
  assert_non_null(file.data);
  assert_memory_equal(file.data, data, len);
  assert_true(len < 1 << 20 || file.mapping);
  sk_file_close(&file);
  assert_null(file.data);
  // A limit of exactly the length passes, one less does not.
  if (len > 1) {
    assert_null(sk_file_open(path, len, &file));
    sk_file_close(&file);
    check_error(sk_file_open(path, len - 1, &file), SK_RESOURCE_EXHAUSTED, path, "limit");
  }
  free(data);
}

static void test_sizes(void **state) {
  (void)state;
  static const size_t sizes[] = {0,      1,      2,      16383,  16384,  16385,
                                 262143, 262144, 262145, 600000, 1 << 20};
  for (size_t i = 0; i < SK_COUNT(sizes); i++) {
    check_round_trip(sizes[i]);
  }
}

static void test_missing(void **state) {
  (void)state;
  sk_file file = {(const uint8_t *)"x", 1, NULL};
  check_error(sk_file_open(path_of("absent"), 0, &file), SK_NOT_FOUND, path_of("absent"),
              "No such file");
  assert_null(file.data);
  assert_int_equal(file.len, 0);
  check_error(sk_file_open("", 0, &file), SK_NOT_FOUND, "''", "No such file");
  assert_null(sk_file_write(path_of("plain"), "x", 1));
  check_error(sk_file_open(path_of("plain/inside"), 0, &file), SK_NOT_FOUND, "plain/inside",
              "Not a directory");
  check_error(sk_file_write(path_of("no/such/dir"), "x", 1), SK_NOT_FOUND, "no/such/dir",
              "No such file");
  char endless[PATH_MAX + 100];
  memset(endless, 'a', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  check_error(sk_file_open(endless, 0, &file), SK_INVALID_ARGUMENT, "aaaa", "too long");
  check_error(sk_file_write(endless, "x", 1), SK_INVALID_ARGUMENT, "aaaa", "too long");
}

static void test_directory(void **state) {
  (void)state;
  sk_file file;
  check_error(sk_file_open(dir, 0, &file), SK_INVALID_ARGUMENT, dir, "directory");
  check_error(sk_file_write(dir, "x", 1), SK_INVALID_ARGUMENT, dir, "directory");
  assert_true(sk_file_is_dir(dir));
  assert_false(sk_file_is_dir(path_of("absent")));
  assert_null(sk_file_write(path_of("plain"), "x", 1));
  assert_false(sk_file_is_dir(path_of("plain")));
}

static void test_refusal(void **state) {
  (void)state;
  if (geteuid() == 0) {
    // The superuser passes permission bits; reading page 0 of a process fails for everybody.
    sk_file file;
    check_error(sk_file_open("/proc/self/mem", 0, &file), SK_UNAVAILABLE, "/proc/self/mem",
                "cannot read");
    return;
  }
  const char *path = path_of("secret");
  assert_null(sk_file_write(path, "x", 1));
  assert_int_equal(chmod(path, 0), 0);
  sk_file file;
  check_error(sk_file_open(path, 0, &file), SK_PERMISSION_DENIED, path, "Permission denied");
}

static void test_special_files(void **state) {
  (void)state;
  sk_file file;
  assert_null(sk_file_open("/dev/null", 0, &file));
  assert_int_equal(file.len, 0);
  assert_non_null(file.data);
  sk_file_close(&file);
  assert_null(sk_file_open("/proc/self/status", 0, &file));  // claims size 0
  assert_true(file.len > 100);
  sk_file_close(&file);
  check_error(sk_file_open("/dev/zero", 100000, &file), SK_RESOURCE_EXHAUSTED, "/dev/zero",
              "limit");
}

// What is no regular file is written to, not replaced. On a FIFO of our own: a writer that got this
// wrong would, as root, replace a device of the machine.
static void test_writing_to_a_pipe(void **state) {
  (void)state;
  char path[PATH_MAX], got[8];
  snprintf(path, sizeof path, "%s", path_of("sink"));
  assert_int_equal(mkfifo(path, 0600), 0);
  const int reader = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  assert_true(reader >= 0);
  assert_null(sk_file_write(path, "abc", 3));
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  assert_true(S_ISFIFO(info.st_mode));
  assert_int_equal(read(reader, got, sizeof got), 3);
  assert_memory_equal(got, "abc", 3);
  close(reader);
}

enum { PIPE_BYTES = 300000 };

static void feed_pipe(void *arg) {
  const char *path = arg;
  FILE *out = fopen(path, "wb");
  for (int i = 0; out && i < PIPE_BYTES; i++) {
    fputc(i % 251, out);
  }
  if (out) {
    fclose(out);
  }
}

static void test_pipe(void **state) {
  (void)state;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s", path_of("fifo"));
  assert_int_equal(mkfifo(path, 0600), 0);
  sk_thread writer;
  sk_file file;
  assert_null(sk_thread_start(&writer, "writer", feed_pipe, path));
  check_error(sk_file_open(path, PIPE_BYTES - 1, &file), SK_RESOURCE_EXHAUSTED, path, "limit");
  sk_thread_join(&writer);  // it met a closed pipe, or had finished
  assert_null(sk_thread_start(&writer, "writer", feed_pipe, path));
  assert_null(sk_file_open(path, PIPE_BYTES, &file));
  sk_thread_join(&writer);
  assert_int_equal(file.len, PIPE_BYTES);
  for (int i = 0; i < PIPE_BYTES; i++) {
    assert_int_equal(file.data[i], i % 251);
  }
  sk_file_close(&file);
}

static void test_replacement(void **state) {
  (void)state;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s", path_of("kept"));
  static char old_content[400000];
  memset(old_content, 'o', sizeof old_content);
  assert_null(sk_file_write(path, old_content, sizeof old_content));
  assert_int_equal(chmod(path, 0640), 0);
  sk_file before;
  assert_null(sk_file_open(path, 0, &before));
  const int entries = count_entries();
  assert_null(sk_file_write(path, "new", 3));
  assert_int_equal(count_entries(), entries);  // no temporary file left
  // Who had the file open keeps the old content whole.
  assert_int_equal(before.len, sizeof old_content);
  assert_memory_equal(before.data, old_content, sizeof old_content);
  sk_file_close(&before);
  sk_file after;
  assert_null(sk_file_open(path, 0, &after));
  assert_int_equal(after.len, 3);
  assert_memory_equal(after.data, "new", 3);
  sk_file_close(&after);
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0640);
}

static void test_symbolic_link(void **state) {
  (void)state;
  char target[PATH_MAX], link[PATH_MAX];
  snprintf(target, sizeof target, "%s", path_of("target"));
  snprintf(link, sizeof link, "%s", path_of("link"));
  assert_null(sk_file_write(target, "one", 3));
  assert_int_equal(symlink("target", link), 0);
  assert_null(sk_file_write(link, "two!", 4));
  struct stat info;
  assert_int_equal(lstat(link, &info), 0);
  assert_true(S_ISLNK(info.st_mode));
  sk_file file;
  assert_null(sk_file_open(target, 0, &file));
  assert_int_equal(file.len, 4);
  sk_file_close(&file);
}

// A write that fails half way, by a limit on the size of files.
static void test_failed_write_leaves_the_old(void **state) {
  (void)state;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s", path_of("limited"));
  assert_null(sk_file_write(path, "old", 3));
  const int entries = count_entries();
  static char content[100000];
  struct rlimit before, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = before;
  small.rlim_cur = 50000;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  sk_status status = sk_file_write(path, content, sizeof content);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  check_error(status, SK_RESOURCE_EXHAUSTED, path, "too large");
  assert_int_equal(count_entries(), entries);
  sk_file file;
  assert_null(sk_file_open(path, 0, &file));
  assert_int_equal(file.len, 3);
  assert_memory_equal(file.data, "old", 3);
  sk_file_close(&file);
}

static void test_allocation_failure(void **state) {
  (void)state;
  const char *path = path_of("small");
  assert_null(sk_file_write(path, "content", 7));
  static const char *const paths[] = {NULL, "/proc/self/maps"};
  for (size_t i = 0; i < SK_COUNT(paths); i++) {
    for (uint64_t n = 1;; n++) {
      sk_mem_fail_at(n, false);
      sk_file file;
      sk_status status = sk_file_open(paths[i] ? paths[i] : path, 0, &file);
      const uint64_t hits = sk_mem_fail_hits();
      sk_mem_fail_at(0, false);
      assert_int_equal(status != NULL, hits != 0);
      if (status) {
        assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
        assert_null(file.data);
        sk_status_free(status);
        continue;
      }
      assert_true(n > 1);
      sk_file_close(&file);
      break;
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_missing),
      cmocka_unit_test(test_directory),
      cmocka_unit_test(test_refusal),
      cmocka_unit_test(test_special_files),
      cmocka_unit_test(test_writing_to_a_pipe),
      cmocka_unit_test(test_pipe),
      cmocka_unit_test(test_replacement),
      cmocka_unit_test(test_symbolic_link),
      cmocka_unit_test(test_failed_write_leaves_the_old),
      cmocka_unit_test(test_allocation_failure),
  };
  return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
