#include "relay/share.h"

#include "lib/lang.h"
#include "lib/path.h"
#include "lib/util.h"

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIR_MODE = 02770, FILE_MODE = 0660, GROUP_RW = 0060, GROUP_RWX = 0070 };

static const char *const suffixes[] = {"", "-wal", "-shm", "-relay"};

static char *dir_of(const char *path)
{
	scoped_free char *copy = xstrdup(path);
	return xstrdup(dirname(copy));
}

static int fail(struct buf *why, const char *path)
{
	buf_addf(why, "%s: %s", path, strerror(errno));
	return -1;
}

/* Group first: chgrp takes the setgid bit of whoever is not root. */
static int give(const char *path, gid_t gid, mode_t mode, struct buf *why)
{
	if (chown(path, (uid_t)-1, gid) != 0 || chmod(path, mode) != 0)
		return fail(why, path);
	return 0;
}

int share_with_group(const char *db_path, const char *group, struct buf *why)
{
	struct group *g = getgrnam(group);
	if (!g) {
		buf_addf(
			why,
			"no group named %s: make it with groupadd %s, then add "
			"the users of the CRM, the relay and the operators",
			group, group);
		return -1;
	}
	gid_t gid = g->gr_gid;
	struct stat st;
	scoped_free char *real = path_real(db_path);
	scoped_free char *dir = dir_of(real);
	if (stat(dir, &st) == 0 && st.st_mode & S_ISVTX) {
		buf_addf(why,
			 "%s is everybody's: put the database into a directory "
			 "of its own",
			 dir);
		return -1;
	}
	if (give(dir, gid, DIR_MODE, why))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		scoped_free char *path = xasprintf("%s%s", real, suffixes[i]);
		if (access(path, F_OK) == 0 && give(path, gid, FILE_MODE, why))
			return -1;
	}
	return 0;
}

/* Without its bit the next WAL belongs to whoever makes it. */
static bool look_at_dir(const char *path, struct buf *what)
{
	struct stat st;
	if (stat(path, &st) != 0 || st.st_mode & S_ISGID)
		return true;
	buf_addf(what, _("%s does not hand its group on (chmod g+s)"), path);
	return false;
}

static bool look_at(const char *path, mode_t bits, gid_t *gid, bool is_first,
		    struct buf *what)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return true;
	if ((st.st_mode & bits) != bits) {
		buf_addf(what, _("%s is not writable for its group"), path);
		return false;
	}
	if (!is_first && st.st_gid != *gid) {
		buf_addf(what,
			 _("%s belongs to another group than its directory"),
			 path);
		return false;
	}
	*gid = st.st_gid;
	return true;
}

enum share_state share_look(const char *db_path, struct buf *what)
{
	struct stat db;
	scoped_free char *real = path_real(db_path);
	scoped_free char *dir = dir_of(real);
	if (stat(real, &db) != 0 || !(db.st_mode & GROUP_RW & 0020)) {
		buf_adds(what, "only its owner can write it");
		return SHARE_PRIVATE;
	}
	gid_t gid = 0;
	if (!look_at(dir, GROUP_RWX, &gid, true, what) ||
	    !look_at_dir(dir, what))
		return SHARE_BROKEN;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		scoped_free char *path = xasprintf("%s%s", real, suffixes[i]);
		if (!look_at(path, GROUP_RW, &gid, false, what))
			return SHARE_BROKEN;
	}
	struct group *g = getgrgid(gid);
	buf_addf(what, _("the members of group %s can write it"),
		 g ? g->gr_name : _("(unnamed)"));
	return SHARE_GROUP;
}
