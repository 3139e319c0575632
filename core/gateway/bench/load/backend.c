// The server behind all proxies of the bench: one thread, one epoll loop, 100 bytes for every request.
//
//     backend PORT [FILE]     FILE: two u64, mapped: requests so far, and when the last one came (CLOCK_MONOTONIC, ns)
//
// It reads bodies by Content-Length or chunks and throws them away. It trusts its peers: what it cannot read ends the connection.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD 16384
#define EVENTS 256

enum { IN_HEAD, IN_LENGTH, IN_SIZE, IN_CHUNK, IN_END, IN_TRAILER };

typedef struct {
	int fd, state, used;
	uint64_t left;
	int column;
	char head[HEAD];
} Connection;

static volatile uint64_t *seen;
static uint64_t nowhere[2];
static const char answer[] =
	"HTTP/1.1 200 OK\r\nServer: backend\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n"
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";

static void count(void) {
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	seen[1] = (uint64_t)at.tv_sec * 1000000000ull + (uint64_t)at.tv_nsec;
	seen[0]++;
}

/** Takes what `[from, to)` adds to the request; returns 1 when it is whole, and sets how much was used. */
static int feed(Connection *c, const char *bytes, int to, int *used) {
	int at = 0;
	while (at < to) {
		switch (c->state) {
		case IN_HEAD: {
			int room = HEAD - 1 - c->used;
			int more = to - at < room ? to - at : room;
			int before = c->used;
			memcpy(c->head + c->used, bytes + at, more);
			c->used += more;
			c->head[c->used] = 0;
			char *end = strstr(c->head + (before > 3 ? before - 3 : 0), "\r\n\r\n");
			if (!end) {
				if (c->used == HEAD - 1) return -1;
				at += more;
				break;
			}
			at += (int)(end + 4 - c->head) - before;
			end[2] = 0;
			count();
			char *length = strcasestr(c->head, "\r\ncontent-length:");
			char *chunks = strcasestr(c->head, "\r\ntransfer-encoding: chunked");
			c->left = length ? strtoull(length + 17, 0, 10) : 0;
			c->used = 0;
			c->column = 0;
			c->state = chunks ? IN_SIZE : c->left ? IN_LENGTH : IN_HEAD;
			if (c->state == IN_HEAD) return *used = at, 1;
			if (chunks) c->left = 0;
			break;
		}
		case IN_LENGTH:
		case IN_CHUNK: {
			uint64_t more = (uint64_t)(to - at) < c->left ? (uint64_t)(to - at) : c->left;
			at += (int)more;
			c->left -= more;
			if (c->left) break;
			if (c->state == IN_LENGTH) {
				c->state = IN_HEAD;
				return *used = at, 1;
			}
			c->state = IN_END;
			break;
		}
		case IN_SIZE: {
			char b = bytes[at++];
			if (b == '\n') c->state = c->left ? IN_CHUNK : IN_TRAILER, c->column = 0;
			else if (b >= '0' && b <= '9') c->left = c->left * 16 + (uint64_t)(b - '0');
			else if ((b | 32) >= 'a' && (b | 32) <= 'f') c->left = c->left * 16 + (uint64_t)((b | 32) - 'a' + 10);
			else if (b != '\r') return -1;
			break;
		}
		case IN_END:
			if (bytes[at++] == '\n') c->state = IN_SIZE, c->left = 0;
			break;
		case IN_TRAILER: {
			char b = bytes[at++];
			if (b == '\n') {
				if (c->column == 0) {
					c->state = IN_HEAD;
					return *used = at, 1;
				}
				c->column = 0;
			} else if (b != '\r') c->column++;
		}
		}
	}
	return *used = to, 0;
}

int main(int argc, char **argv) {
	if (argc < 2) return 2;
	seen = nowhere;
	if (argc > 2) {
		int file = open(argv[2], O_RDWR | O_CREAT, 0600);
		if (file < 0 || ftruncate(file, 16) < 0) return 3;
		seen = mmap(0, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
		if (seen == MAP_FAILED) return 3;
	}
	int on = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 4096) < 0) return 4;
	int poll = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = 0}, events[EVENTS];
	epoll_ctl(poll, EPOLL_CTL_ADD, server, &event);
	static char bytes[1 << 18];
	for (;;) {
		int ready = epoll_wait(poll, events, EVENTS, -1);
		for (int i = 0; i < ready; i++) {
			Connection *c = events[i].data.ptr;
			if (!c) {
				int fd;
				while ((fd = accept4(server, 0, 0, SOCK_NONBLOCK)) >= 0) {
					setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
					Connection *made = calloc(1, sizeof *made);
					made->fd = fd;
					struct epoll_event watch = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = made};
					epoll_ctl(poll, EPOLL_CTL_ADD, fd, &watch);
				}
				continue;
			}
			ssize_t got = read(c->fd, bytes, sizeof bytes);
			int at = 0, whole = got > 0 ? 0 : -1;
			while (whole >= 0 && at < got) {
				int used = 0;
				whole = feed(c, bytes + at, (int)got - at, &used);
				at += used;
				if (whole == 1 && write(c->fd, answer, sizeof answer - 1) != (ssize_t)sizeof answer - 1) whole = -1;
			}
			if (whole < 0) {
				close(c->fd);
				free(c);
			}
		}
	}
}
