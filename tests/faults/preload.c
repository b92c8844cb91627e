/* Fails the n-th call of one kind below one folder, once: preload it, then arm it.
 *
 *   cc -shared -fPIC -O1 -o preload.so preload.c -ldl
 *
 * arm("rename", 3, EIO, "/tmp/tree") makes the third rename below /tmp/tree fail. An error of -1
 * makes a read, a write or a copy a short one instead. fired() says whether it has come to that.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char armed[32], below[512];
static int left, error, has_fired;

void arm(const char *kind, int number, int code, const char *folder) {
    snprintf(armed, sizeof armed, "%s", kind);
    snprintf(below, sizeof below, "%s", folder);
    left = number, error = code, has_fired = 0;
}

int fired(void) { return has_fired; }

static int is_below(const char *path) { return path && !strncmp(path, below, strlen(below)); }

static int fd_is_below(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

/* Whether this call is the one to fail. */
static int now(const char *kind, int inside) {
    if (!armed[0] || !inside || strcmp(kind, armed) || --left) return 0;
    armed[0] = 0, has_fired = 1;
    return 1;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)

#define FAIL(kind, inside) \
    if (now(kind, inside)) { errno = error; return -1; }

#define ONE_PATH(kind, name) \
    int name(const char *path) { \
        REAL(int, #name, const char *); \
        FAIL(kind, is_below(path)) \
        return real(path); \
    }
ONE_PATH("unlink", unlink)
ONE_PATH("rmdir", rmdir)

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    FAIL("mkdir", is_below(path))
    return real(path, mode);
}

int chmod(const char *path, mode_t mode) {
    REAL(int, "chmod", const char *, mode_t);
    FAIL("chmod", is_below(path))
    return real(path, mode);
}

int fchmodat(int dir, const char *path, mode_t mode, int flags) {
    REAL(int, "fchmodat", int, const char *, mode_t, int);
    FAIL("chmod", is_below(path))
    return real(dir, path, mode, flags);
}

#define TWO_PATHS(kind, name) \
    int name(const char *from, const char *to) { \
        REAL(int, #name, const char *, const char *); \
        FAIL(kind, is_below(from) || is_below(to)) \
        return real(from, to); \
    }
TWO_PATHS("rename", rename)
TWO_PATHS("link", link)
TWO_PATHS("link", symlink)

int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    FAIL("link", is_below(from) || is_below(to))
    return real(a, from, b, to, flags);
}

#define STAT(name, type) \
    int name(const char *path, struct type *to) { \
        REAL(int, #name, const char *, struct type *); \
        FAIL("stat", is_below(path)) \
        return real(path, to); \
    }
STAT(stat, stat)
STAT(lstat, stat)
STAT(stat64, stat64)
STAT(lstat64, stat64)

int fstatat(int dir, const char *path, struct stat *to, int flags) {
    REAL(int, "fstatat", int, const char *, struct stat *, int);
    FAIL("stat", is_below(path))
    return real(dir, path, to, flags);
}

int fstatat64(int dir, const char *path, struct stat64 *to, int flags) {
    REAL(int, "fstatat64", int, const char *, struct stat64 *, int);
    FAIL("stat", is_below(path))
    return real(dir, path, to, flags);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        REAL(int, #name, const char *, int, ...); \
        FAIL("open", is_below(path)) \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

ssize_t read(int fd, void *to, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    if (armed[0] && now("read", fd_is_below(fd))) {
        if (error < 0) return real(fd, to, size > 1 ? size / 2 : size);
        errno = error;
        return -1;
    }
    return real(fd, to, size);
}

ssize_t write(int fd, const void *from, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (armed[0] && now("write", fd_is_below(fd))) {
        if (error < 0) return real(fd, from, size > 1 ? size / 2 : size);
        errno = error;
        return -1;
    }
    return real(fd, from, size);
}

ssize_t copy_file_range(int in, off64_t *a, int out, off64_t *b, size_t size, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    if (armed[0] && now("copy_file_range", fd_is_below(out))) {
        if (error < 0) return real(in, a, out, b, 2, flags);
        errno = error;
        return -1;
    }
    return real(in, a, out, b, size, flags);
}

#define ON_FD(kind, name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        FAIL(kind, armed[0] && fd_is_below(fd)) \
        return real(fd); \
    }
ON_FD("fsync", fsync)

int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    FAIL("ftruncate", armed[0] && fd_is_below(fd))
    return real(fd, size);
}

int utimensat(int dir, const char *path, const struct timespec times[2], int flags) {
    REAL(int, "utimensat", int, const char *, const struct timespec[2], int);
    FAIL("utime", path ? is_below(path) : fd_is_below(dir))
    return real(dir, path, times, flags);
}
