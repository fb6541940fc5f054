#include "tui/conf.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/path.h"
#include "lib/text.h"
#include "lib/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 40, FILE_MAX = 1024 * 1024 };

struct kept {
	char *name, *text; /* own */
};

struct filters {
	char *path;	   /* own; symbolic links resolved */
	struct kept *list; /* own */
	size_t count;
};

static void finish(struct filters *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->list[i].name);
		free(f->list[i].text);
	}
	free(f->list);
	free(f->path);
}

/* Letters of the scripts that input methods write, without punctuation. */
static bool is_eastern(uint32_t code)
{
	return (code >= 0x3041 && code <= 0x3096) ||
	       (code >= 0x30a1 && code <= 0x30fa) ||
	       (code >= 0x3400 && code <= 0x4dbf) ||
	       (code >= 0x4e00 && code <= 0x9fff) ||
	       (code >= 0xac00 && code <= 0xd7a3) ||
	       (code >= 0x20000 && code <= 0x323af);
}

static bool is_of_name(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
	       (code >= '0' && code <= '9') || code == '_' || code == '-' ||
	       is_eastern(code);
}

static bool is_name(const char *name)
{
	size_t left = strlen(name), count = 0, used;
	for (; left > 0; name += used, left -= used) {
		uint32_t code = 0;
		used = text_decode(name, left, &code);
		if (!used || !is_of_name(code) || ++count > NAME_MAX_LEN)
			return false;
	}
	return count > 0;
}

static int fail(char **problem_out, char *problem)
{
	*problem_out = text_clean(problem, strlen(problem));
	free(problem);
	return 1;
}

static int fail_errno(char **problem_out, const char *path)
{
	return fail(problem_out, xasprintf("%s: %s", path, strerror(errno)));
}

static struct kept *find(const struct filters *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->list[i].name, name) == 0)
			return &f->list[i];
	}
	return NULL;
}

static void add(struct filters *f, const char *name, const char *text)
{
	struct kept *kept = find(f, name);
	if (kept) {
		free(kept->text);
		kept->text = xstrdup(text);
		return;
	}
	f->list = xrealloc(f->list, (f->count + 1) * sizeof(*f->list));
	f->list[f->count++] = (struct kept){xstrdup(name), xstrdup(text)};
}

/* A line is "NAME = FILTER"; others are not ours and are lost. */
static void read_lines(struct filters *f, FILE *file)
{
	char *line = NULL;
	size_t cap = 0, total = 0;
	for (ssize_t len; (len = getline(&line, &cap, file)) > 0;) {
		line[strcspn(line, "\n")] = '\0';
		char *equals = strstr(line, " = ");
		total += (size_t)len;
		if (!equals || total > FILE_MAX)
			continue;
		*equals = '\0';
		if (is_name(line))
			add(f, line, equals + strlen(" = "));
	}
	free(line);
}

static int read_file(struct filters *f, char **problem_out)
{
	FILE *file = fopen(f->path, "re");
	if (!file)
		return errno == ENOENT ? 0 : fail_errno(problem_out, f->path);
	struct stat st;
	int rc = 0;
	if (fstat(fileno(file), &st) || st.st_uid != geteuid() ||
	    !S_ISREG(st.st_mode))
		rc = fail(problem_out,
			  xasprintf(_("%s is not your own file"), f->path));
	else
		read_lines(f, file);
	fclose(file);
	return rc;
}

static int open_filters(struct filters *f, const struct conf *c,
			const char *name, char **problem_out)
{
	if (!is_name(name))
		return fail(problem_out,
			    xasprintf(_("\"%s\" is no name: letters, digits, "
					"- and _, at most 40"),
				      name));
	if (!c->dir)
		return fail(problem_out, xstrdup(_("there is no home to keep "
						   "filters in")));
	scoped_free char *path = xasprintf("%s/filters", c->dir);
	f->path = path_real(path);
	return read_file(f, problem_out);
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, data, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		data += done;
		len -= (size_t)done;
	}
	return fsync(fd);
}

/* Whoever reads meanwhile sees the old file or the new one. */
static int write_file(const struct filters *f, char **problem_out)
{
	scoped_buf text = {0};
	scoped_free char *temporary = xasprintf("%s.XXXXXX", f->path);
	for (size_t i = 0; i < f->count; i++)
		buf_addf(&text, "%s = %s\n", f->list[i].name, f->list[i].text);
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return fail_errno(problem_out, f->path);
	int rc = write_all(fd, buf_str(&text), text.len);
	rc |= close(fd);
	if (rc == 0)
		rc = rename(temporary, f->path);
	if (rc == 0)
		return 0;
	fail_errno(problem_out, f->path);
	unlink(temporary);
	return 1;
}

/* The folder and those above it, for the user alone; returns it locked against
 * another console that writes, or -1. */
static int lock_dir(const char *dir)
{
	scoped_free char *path = xstrdup(dir);
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	mkdir(path, 0700);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return -1;
	}
	return fd;
}

int conf_save_filter(const struct conf *c, const char *name, const char *text,
		     char **problem_out)
{
	struct filters f = {0};
	int lock = c->dir ? lock_dir(c->dir) : -1;
	int rc = 0;
	if (c->dir && lock < 0)
		rc = fail_errno(problem_out, c->dir);
	else if (strpbrk(text, "\r\n"))
		rc = fail(problem_out, xstrdup(_("a filter is a single line")));
	else
		rc = open_filters(&f, c, name, problem_out);
	if (rc == 0) {
		add(&f, name, text);
		rc = write_file(&f, problem_out);
	}
	finish(&f);
	if (lock >= 0)
		close(lock);
	return rc;
}

int conf_load_filter(const struct conf *c, const char *name, char **text_out,
		     char **problem_out)
{
	struct filters f = {0};
	int rc = open_filters(&f, c, name, problem_out);
	const struct kept *kept = rc == 0 ? find(&f, name) : NULL;
	if (kept) {
		*text_out = xstrdup(kept->text);
	} else if (rc == 0) {
		scoped_buf names = {0};
		for (size_t i = 0; i < f.count; i++)
			buf_addf(&names, " %s", f.list[i].name);
		rc = fail(problem_out,
			  f.count ? xasprintf(_("no filter is kept as %s; "
						"there are:%s"),
					      name, buf_str(&names))
				  : xasprintf(_("no filter is kept as %s"),
					      name));
	}
	finish(&f);
	return rc;
}
