/* path_site.c: the init file of the site, where the program is installed. */
#include "util/os/os.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether the assets beside this program are others than those that it was configured for. */
static bool
path_moved(const char *assets)
{
	struct stat here, there;

	return stat(assets, &here) == 0 && (stat(PKGDATADIR, &there) < 0 || here.st_dev != there.st_dev ||
	    here.st_ino != there.st_ino);
}

char *
path_site(void)
{
	static const char configured[] = SYSCONFDIR "/thaw/init";
	char self[PATH_MAX + 32], *slash;
	bool moved;

	if (!os_self(self, PATH_MAX) || (slash = strrchr(self, '/')) == NULL)
		return xstrdup(configured);
	*slash = '\0';
	if ((slash = strrchr(self, '/')) == NULL || strcmp(slash, "/bin") != 0)
		return xstrdup(configured);
	strcpy(slash, "/share/thaw");
	moved = path_moved(self);
	strcpy(slash, "/etc/thaw/init");
	return xstrdup(access(self, F_OK) == 0 || (moved && access(configured, F_OK) < 0) ? self : configured);
}
