/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Output files are written whole or not at all, and write failures are reported.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arpaudit/output.h"
#include "scratch.h"

static void
open_output(struct output *output, const char *path)
{
	struct error error = {.status = 0};
	const bool good = output_open(output, path, &error);

	assert_string_equal(error.text, "");
	assert_true(good);
	assert_non_null(output->stream);
}

static void
put(const struct output *output, const char *text)
{
	assert_true(fputs(text, output->stream) >= 0);
}

static void
expect_released(const struct output *output)
{
	assert_null(output->stream);
	assert_null(output->path);
	assert_null(output->temporary);
}

static void
commit(struct output *output)
{
	struct error error = {.status = 0};
	const bool good = output_commit(output, &error);

	assert_string_equal(error.text, "");
	assert_true(good);
	expect_released(output);
	output_discard(output); /* must do nothing */
}

static void
refuse_commit(struct output *output, const char *message)
{
	struct error error = {.status = 0};

	assert_false(output_commit(output, &error));
	assert_string_equal(error.text, message);
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	expect_released(output);
}

static void
refuse_open(const char *path, const char *message)
{
	struct error error = {.status = 0};
	struct output output;

	assert_false(output_open(&output, path, &error));
	assert_string_equal(error.text, message);
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	expect_released(&output);
	output_discard(&output); /* must do nothing */
}

static void
expect_mode(const char *path, mode_t mode)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISREG(status.st_mode));
	assert_int_equal(status.st_mode & 07777, mode);
}

static void
test_new_file_appears_whole(void **state)
{
	const mode_t mask = umask(027);
	struct output output;

	(void)state;
	open_output(&output, "report");
	put(&output, "whole\n");
	assert_int_equal(access("report", F_OK), -1); /* not until it is whole */
	scratch_expect_entries(1);
	commit(&output);
	assert_int_equal(umask(mask), 027);
	scratch_expect("report", "whole\n");
	expect_mode("report", 0640);
	scratch_expect_entries(1);
}

static void
test_existing_file_is_replaced(void **state)
{
	struct output output;

	(void)state;
	scratch_write_text("report", "old, and longer than what is new\n");
	assert_int_equal(chmod("report", 0604), 0);
	open_output(&output, "./report");
	put(&output, "new\n");
	assert_int_equal(fflush(output.stream), 0);
	scratch_expect("report", "old, and longer than what is new\n");
	commit(&output);
	scratch_expect("report", "new\n");
	expect_mode("report", 0604);
	scratch_expect_entries(1);
}

static void
test_discard_keeps_the_old_file(void **state)
{
	struct output output;

	(void)state;
	open_output(&output, "report");
	put(&output, "half");
	output_discard(&output);
	expect_released(&output);
	scratch_expect_entries(0);

	scratch_write_text("report", "old\n");
	open_output(&output, "report");
	put(&output, "half");
	output_discard(&output);
	scratch_expect("report", "old\n");
	scratch_expect_entries(1);
}

static void
test_file_in_another_directory(void **state)
{
	struct output output;
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	open_output(&output, "sub/report");
	put(&output, "a");
	commit(&output);
	scratch_expect("sub/report", "a");
	(void)snprintf(path, sizeof(path), "%s/sub/other", (const char *)*state);
	open_output(&output, path);
	put(&output, "b");
	commit(&output);
	scratch_expect("sub/other", "b");
	scratch_expect_entries(1);
}

static void
test_longest_file_name(void **state)
{
	char name[NAME_MAX + 2];
	char message[512];
	struct output output;

	(void)state;
	memset(name, 'n', NAME_MAX + 1);
	name[NAME_MAX + 1] = '\0';
	(void)snprintf(message, sizeof(message),
	    "can't write %s: File name too long: choose a shorter name", name);
	refuse_open(name, message);
	name[NAME_MAX] = '\0';
	open_output(&output, name);
	put(&output, "a");
	commit(&output);
	scratch_expect(name, "a");
}

static void
test_symbolic_link_is_followed(void **state)
{
	struct stat status;
	struct output output;

	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	scratch_write_text("sub/target", "old");
	assert_int_equal(symlink("sub/target", "link"), 0);
	open_output(&output, "link");
	put(&output, "new");
	scratch_expect_entries(2); /* the temporary file is beside the target */
	commit(&output);
	assert_int_equal(lstat("link", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	scratch_expect("sub/target", "new");

	assert_int_equal(symlink("nothing", "dangling"), 0);
	refuse_open("dangling", "can't write dangling: it is a symbolic link to a missing file: "
				"create that file or choose another");
	assert_int_equal(symlink("loop", "loop"), 0);
	refuse_open(
	    "loop", "can't write loop: Too many levels of symbolic links: choose another file");
}

static void
test_fifo_is_written_in_place(void **state)
{
	char text[16] = "";
	struct stat status;
	struct output output;
	int reader;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_in_range(reader, 0, INT_MAX);
	open_output(&output, "fifo");
	put(&output, "passed");
	commit(&output);
	assert_int_equal(read(reader, text, sizeof(text) - 1), strlen("passed"));
	assert_string_equal(text, "passed");
	assert_int_equal(read(reader, text, sizeof(text) - 1), 0); /* end of file */
	assert_int_equal(lstat("fifo", &status), 0);
	assert_true(S_ISFIFO(status.st_mode));

	/* The reader closes its end. */
	open_output(&output, "fifo");
	assert_int_equal(close(reader), 0);
	put(&output, "lost");
	refuse_commit(
	    &output, "can't write fifo: Broken pipe: keep its reader running until the end");
	scratch_expect_entries(1);
}

/* Turns the link "swapped" from the FIFO to the file and back, until it is killed or left alone. */
static pid_t
start_swapping(void)
{
	const pid_t parent = getpid(), child = fork();

	assert_in_range(child, 0, INT_MAX);
	while (child == 0)
		if (getppid() != parent || symlink("fifo", "new") != 0 ||
		    rename("new", "swapped") != 0 || symlink("file", "new") != 0 ||
		    rename("new", "swapped") != 0)
			_exit(1);
	return child;
}

/* Whoever may write to the folder cannot turn the output to another file: what is opened in place
 * is never a regular one. */
static void
test_what_was_a_fifo_is_not_written_through(void **state)
{
	struct error error;
	struct output output;
	struct stat status;
	size_t in_place = 0;
	int reader;

	(void)state;
	scratch_write_text("file", "mine");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_in_range(reader, 0, INT_MAX);
	assert_int_equal(symlink("fifo", "swapped"), 0);
	const pid_t child = start_swapping();

	for (int i = 0; i < 20000; i++) {
		error = (struct error){.status = 0};
		if (!output_open(&output, "swapped", &error))
			continue;
		assert_int_equal(fstat(fileno(output.stream), &status), 0);
		assert_true(output.temporary != NULL || S_ISFIFO(status.st_mode));
		in_place += output.temporary == NULL;
		output_discard(&output);
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(in_place > 0);
	assert_int_equal(close(reader), 0);
	(void)unlink("new");
	scratch_expect_entries(3);
}

static void
test_devices_are_written_in_place(void **state)
{
	struct stat status;
	struct output output;
	char block[BUFSIZ] = "";

	(void)state;
	open_output(&output, "/dev/null");
	put(&output, "gone");
	commit(&output);
	assert_int_equal(stat("/dev/null", &status), 0);
	assert_true(S_ISCHR(status.st_mode));

	open_output(&output, "/dev/full");
	put(&output, "too much");
	refuse_commit(&output, "can't write /dev/full: No space left on device: free some space "
			       "there or choose another file");
	assert_int_equal(stat("/dev/full", &status), 0);
	assert_true(S_ISCHR(status.st_mode));

	/* A write that failed before the commit is reported. */
	open_output(&output, "/dev/full");
	assert_int_equal(setvbuf(output.stream, NULL, _IONBF, 0), 0);
	(void)fwrite(block, 1, sizeof(block), output.stream);
	refuse_commit(
	    &output, "can't write /dev/full: an earlier write failed: choose another file");
	/* So is its reason, if the writer noticed it. */
	open_output(&output, "/dev/full");
	output.failure = EDQUOT;
	refuse_commit(&output, "can't write /dev/full: Disk quota exceeded: free some of the quota "
			       "or choose another file");
}

static bool
are_same(const char *one_path, const char *other_path)
{
	struct output one, other;
	bool same;

	open_output(&one, one_path);
	open_output(&other, other_path);
	same = output_same(&one, &other);
	assert_int_equal(output_same(&other, &one), same);
	output_discard(&one);
	output_discard(&other);
	return same;
}

static void
test_same_file_by_any_name(void **state)
{
	char directory[PATH_MAX], absolute[PATH_MAX + 8];

	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	scratch_write_text("old", "");
	assert_int_equal(symlink("old", "link"), 0);
	assert_non_null(getcwd(directory, sizeof(directory)));
	(void)snprintf(absolute, sizeof(absolute), "%s/new", directory);
	assert_true(are_same("new", "new"));
	assert_true(are_same("new", "./new"));
	assert_true(are_same("new", "sub/../new"));
	assert_true(are_same("new", absolute));
	assert_true(are_same("old", "link"));
	assert_true(are_same("-", NULL));
	assert_true(are_same("-", "/dev/stdout"));
	assert_false(are_same("new", "old"));
	assert_false(are_same("new", "sub/new"));
	assert_false(are_same("new", "-"));
	assert_false(are_same("/dev/null", "/dev/null")); /* takes both */
}

static void
test_unusable_paths(void **state)
{
	(void)state;
	scratch_write_text("file", "");
	assert_int_equal(mkdir("sub", 0755), 0);
	refuse_open("none/report", "can't write none/report: directory none/ does not exist: "
				   "create it or choose another file");
	refuse_open("/no-such-directory/report",
	    "can't write /no-such-directory/report: directory /no-such-directory/ does not exist: "
	    "create it or choose another file");
	refuse_open("file/report", "can't write file/report: Not a directory: choose another file");
	refuse_open("sub", "can't write sub: it is a directory: choose a file in it");
	refuse_open("sub/", "can't write sub/: it is a directory: choose a file in it");
	refuse_open("..", "can't write ..: it is a directory: choose a file in it");
	refuse_open("none/", "'none/' has no file name: add one");
	refuse_open("", "'' has no file name: add one");
	scratch_expect_entries(2);
}

static void
test_no_permission(void **state)
{
	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	assert_int_equal(mkdir("open", 0755), 0);
	assert_int_equal(chmod("open", 0777), 0);
	scratch_write_text("open/report", "old");
	assert_int_equal(chmod("open/report", 0444), 0);
	if (geteuid() != 0)
		assert_int_equal(chmod("sub", 0555), 0);
	if (!scratch_become_nobody())
		skip();
	refuse_open("sub/report", "can't write sub/report: can't create a file in sub/: Permission "
				  "denied: change the permissions or choose another file");
	/* The directory would allow replacing it, but a read-only file is respected. */
	refuse_open("open/report", "can't write open/report: Permission denied: change the "
				   "permissions or choose another file");
	scratch_become_self();
	if (geteuid() == 0) {
		assert_int_equal(chmod(".", 0700), 0);
		assert_true(scratch_become_nobody());
		refuse_open("report", "can't write report: Permission denied: change the "
				      "permissions or choose another file");
		scratch_become_self();
	}
	scratch_expect("open/report", "old");
}

static void
test_target_vanishes_before_commit(void **state)
{
	struct output output;

	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	open_output(&output, "sub/report");
	put(&output, "lost");
	assert_int_equal(rename("sub", "moved"), 0);
	refuse_commit(&output, "can't write sub/report: No such file or directory: nothing was "
			       "changed; create its directory or choose another file");

	scratch_write_text("report", "old");
	open_output(&output, "report");
	put(&output, "new");
	assert_int_equal(unlink("report"), 0);
	assert_int_equal(mkdir("report", 0755), 0);
	refuse_commit(&output,
	    "can't write report: Is a directory: nothing was changed; choose another file");
}

/* Redirects standard output to `path`, or closes it if NULL. Returns the saved descriptor. */
static int
swap_stdout(const char *path, int flags)
{
	int saved, descriptor;

	assert_int_equal(fflush(stdout), 0);
	saved = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	assert_in_range(saved, 3, INT_MAX);
	if (path == NULL) {
		assert_int_equal(close(STDOUT_FILENO), 0);
		return saved;
	}
	descriptor = open(path, flags | O_CLOEXEC, 0600);
	assert_in_range(descriptor, 0, INT_MAX);
	assert_int_equal(dup2(descriptor, STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(close(descriptor), 0);
	return saved;
}

static void
restore_stdout(int saved)
{
	__fpurge(stdout);
	clearerr(stdout);
	assert_int_equal(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(close(saved), 0);
}

/* The result of writing to `path` while standard output is `target`. */
struct outcome {
	bool opened, committed;
	struct error error;
};

static struct outcome
write_stdout(const char *target, int flags, const char *path)
{
	const int saved = swap_stdout(target, flags);
	struct outcome outcome = {.opened = false};
	struct output output;

	/* No assertions here: their messages would go to the redirected standard output. */
	outcome.opened = output_open(&output, path, &outcome.error);
	if (outcome.opened && fputs("text\n", output.stream) >= 0)
		outcome.committed = output_commit(&output, &outcome.error);
	output_discard(&output);
	restore_stdout(saved);
	return outcome;
}

/* Buffered text that was discarded is not written later. */
static void
test_discarded_standard_output(void **state)
{
	const int saved = swap_stdout("file", O_WRONLY | O_CREAT);
	struct output output;
	struct error error;
	const bool opened = output_open(&output, NULL, &error);
	const bool put = opened && fputs("text\n", output.stream) >= 0;

	(void)state;
	output_discard(&output);
	const bool flushed = fflush(stdout) == 0;

	restore_stdout(saved);
	assert_true(put);
	assert_true(flushed);
	scratch_expect("file", "");
}

static void
expect_written(const struct outcome *outcome)
{
	assert_string_equal(outcome->error.text, "");
	assert_true(outcome->opened);
	assert_true(outcome->committed);
}

static void
test_standard_output(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = write_stdout("file", O_WRONLY | O_CREAT, NULL);
	expect_written(&outcome);
	scratch_expect("file", "text\n");
	outcome = write_stdout("file", O_WRONLY | O_APPEND, "-");
	expect_written(&outcome);
	scratch_expect("file", "text\ntext\n");
	/* Under its other names it is not replaced either. */
	outcome = write_stdout("file", O_WRONLY | O_APPEND, "/dev/stdout");
	expect_written(&outcome);
	outcome = write_stdout("file", O_WRONLY | O_APPEND, "file");
	expect_written(&outcome);
	scratch_expect("file", "text\ntext\ntext\ntext\n");
	scratch_expect_entries(1);
}

/* A log keeps what it has. */
static void
test_standard_error(void **state)
{
	const int saved = dup(STDERR_FILENO),
		  log = open("log", O_WRONLY | O_CREAT | O_APPEND, 0666);
	struct output output;
	struct error error = {0};
	bool written;

	(void)state;
	assert_true(saved >= 0 && log >= 0);
	assert_int_equal(write(log, "old\n", 4), 4);
	assert_true(dup2(log, STDERR_FILENO) >= 0);
	written = output_open(&output, "/dev/stderr", &error) &&
		  fputs("text\n", output.stream) >= 0 && output_commit(&output, &error);
	output_discard(&output);
	assert_int_equal(write(STDERR_FILENO, "new\n", 4), 4);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(close(saved) | close(log), 0);
	assert_true(written);
	scratch_expect("log", "old\ntext\nnew\n");
}

static void
test_unwritable_standard_output(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = write_stdout(NULL, 0, NULL);
	assert_false(outcome.opened);
	assert_string_equal(
	    outcome.error.text, "standard output is closed: write to a file with -o FORMAT:FILE");
	outcome = write_stdout("/dev/null", O_RDONLY, "-");
	assert_false(outcome.opened);
	assert_string_equal(
	    outcome.error.text, "standard output is closed: write to a file with -o FORMAT:FILE");
	outcome = write_stdout("/dev/full", O_WRONLY, NULL);
	assert_true(outcome.opened);
	assert_false(outcome.committed);
	assert_int_equal(outcome.error.status, EXIT_CANNOT_RUN);
	assert_string_equal(outcome.error.text,
	    "can't write standard output: No space left on device: free some "
	    "space there or choose another file");
}

static void
open_append(struct output *output, const char *path)
{
	struct error error = {.status = 0};
	const bool good = output_open_append(output, path, &error);

	assert_string_equal(error.text, "");
	assert_true(good);
}

/* Two writers open the file at the same time. Each adds its line in one piece, when it commits. */
static void
test_lines_are_appended(void **state)
{
	struct output one, other;

	(void)state;
	scratch_write_text("log", "first\n");
	open_append(&one, "log");
	open_append(&other, "log");
	put(&one, "second\n");
	assert_int_equal(fflush(one.stream), 0);
	scratch_expect("log", "first\n");
	put(&other, "third\n");
	commit(&other);
	scratch_expect("log", "first\nthird\n");
	commit(&one);
	scratch_expect("log", "first\nthird\nsecond\n");
	open_append(&one, "log");
	put(&one, "never\n");
	output_discard(&one);
	open_append(&one, "new");
	put(&one, "only\n");
	commit(&one);
	scratch_expect("new", "only\n");
	scratch_expect("log", "first\nthird\nsecond\n");
	scratch_expect_entries(2);
}

/* A file system that takes a part of the text only. The file has its old length afterwards. */
static void
test_part_of_a_line_is_not_left(void **state)
{
	struct rlimit old, limit;
	struct output output;

	(void)state;
	scratch_write_text("log", "first\n");
	open_append(&output, "log");
	for (int i = 0; i < 1000; i++)
		put(&output, "0123456789");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 4096;
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	refuse_commit(&output, "can't write log: File too large: raise the limit of file sizes "
			       "(ulimit -f) or choose another file");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	scratch_expect("log", "first\n");
}

static void
test_appended_file_by_any_name(void **state)
{
	struct output one, other;

	(void)state;
	assert_int_equal(symlink("log", "link"), 0);
	open_append(&one, "log");
	open_append(&other, "./link");
	assert_true(output_same(&one, &other));
	output_discard(&other);
	open_output(&other, "link");
	assert_true(output_same(&one, &other));
	assert_true(output_same(&other, &one));
	output_discard(&other);
	open_append(&other, "another");
	assert_false(output_same(&one, &other));
	output_discard(&other);
	output_discard(&one);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_FILES(test_new_file_appears_whole),
	    WITH_FILES(test_existing_file_is_replaced),
	    WITH_FILES(test_discard_keeps_the_old_file),
	    WITH_FILES(test_file_in_another_directory),
	    WITH_FILES(test_longest_file_name),
	    WITH_FILES(test_symbolic_link_is_followed),
	    WITH_FILES(test_fifo_is_written_in_place),
	    WITH_FILES(test_what_was_a_fifo_is_not_written_through),
	    WITH_FILES(test_devices_are_written_in_place),
	    WITH_FILES(test_same_file_by_any_name),
	    WITH_FILES(test_lines_are_appended),
	    WITH_FILES(test_part_of_a_line_is_not_left),
	    WITH_FILES(test_appended_file_by_any_name),
	    WITH_FILES(test_unusable_paths),
	    WITH_FILES(test_no_permission),
	    WITH_FILES(test_target_vanishes_before_commit),
	    WITH_FILES(test_standard_output),
	    WITH_FILES(test_standard_error),
	    WITH_FILES(test_unwritable_standard_output),
	    WITH_FILES(test_discarded_standard_output),
	};

	/* As the program does, so that a closed pipe is a failed write. */
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
