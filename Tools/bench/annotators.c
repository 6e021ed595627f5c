/* People who vote: each takes a task, votes on it, takes the next one, over a kept connection.
 *
 * usage: annotators ADDRESS PORT LINKS SECONDS THINK_MS LOG
 *
 * LINKS has the secret of one personal link a line, one person each. THINK_MS is how long a person
 * waits before a vote, in milliseconds (a time of its own around it for each); 0 does not wait at
 * all. Every answered vote becomes a line of LOG: client_key, assignment_id and vote_id.
 *
 * When the server goes away, everybody connects again until it is back and sends the vote that was
 * not answered again with its own key, as the page does. Prints one JSON object: how many votes and
 * tasks, the latencies' percentiles in milliseconds, and what went wrong, by status.
 *
 * One thread and epoll, so that the server has the machine.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum step { SIGN_IN, NEXT, THINK, VOTE, FINISHED };

struct person {
  int socket;
  int is_sent;
  enum step step;
  char *link;
  char cookie[128];
  char csrf[128];
  char key[40];
  long assignment;
  double begun;      /* when the request was first sent */
  double wake;       /* when to go on, without a request */
  char *reply;
  size_t reply_size, reply_room;
};

struct latencies {
  double *values;
  size_t count, room;
};

static struct person *people;
static int people_count;
static struct sockaddr_in place;
static int events;
static double end, think, last_answer, longest_gap;
static FILE *answered;
static struct latencies next_task, vote;
static long finished, reconnects, repeated, statuses[600];
static uint64_t seed = 0x9E3779B97F4A7C15u;

static void fail(const char *message) {
  fprintf(stderr, "annotators: %s\n", message);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t draw(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static void keep(struct latencies *to, double value) {
  if (to->count == to->room) {
    to->room = to->room ? 2 * to->room : 4096;
    to->values = realloc(to->values, to->room * sizeof *to->values);
    if (!to->values) fail("out of memory");
  }
  to->values[to->count++] = value;
}

static void watch(struct person *person) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = person};
  if (epoll_ctl(events, EPOLL_CTL_ADD, person->socket, &event)) fail("epoll_ctl");
}

/* Connects and sends what is due; when the server is not there, another try is made soon. */
static void connect_person(struct person *person) {
  if (person->socket >= 0) close(person->socket);
  person->reply_size = 0;
  person->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (person->socket < 0) fail("no socket");
  int on = 1;
  setsockopt(person->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(person->socket, (struct sockaddr *)&place, sizeof place)) {
    close(person->socket);
    person->socket = -1;
    person->wake = now() + 0.1;
    return;
  }
  fcntl(person->socket, F_SETFL, O_NONBLOCK);
  watch(person);
}

static void lost(struct person *person) {
  reconnects++;
  close(person->socket);
  person->socket = -1;
  person->is_sent = 0;
  person->wake = now() + 0.05;
}

static void send_request(struct person *person) {
  char body[512], text[2048];
  const char *path = "/api/v1/session";
  switch (person->step) {
    case SIGN_IN: snprintf(body, sizeof body, "{\"token\":\"%s\"}", person->link); break;
    case NEXT:
      path = "/api/v1/tasks/next";
      snprintf(body, sizeof body, "{}");
      break;
    default: {
      static const char *verdicts[] = {"A is better", "B is better", "Same good", "Same bad"};
      path = "/api/v1/votes";
      /* The verdict is the key's, so that a vote that is sent again is the same. */
      snprintf(
          body, sizeof body,
          "{\"assignment_id\":%ld,\"client_key\":\"%s\",\"verdict\":\"%s\",\"milliseconds\":1500}",
          person->assignment, person->key, verdicts[person->key[0] & 3]);
    }
  }
  int size = snprintf(
      text, sizeof text,
      "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Cookie: mixinstruct_session=%s\r\nX-CSRF-Token: %s\r\nContent-Length: %zu\r\n\r\n%s",
      path, person->cookie, person->csrf, strlen(body), body);
  if (!person->begun) person->begun = now();
  person->is_sent = 1;
  if (send(person->socket, text, (size_t)size, MSG_NOSIGNAL) != size) lost(person);
}

/* Sends what the person's step asks for, over a connection that may have to be made first. */
static void go_on(struct person *person) {
  person->wake = 0;
  if (person->step == THINK) person->step = VOTE;
  if (person->socket < 0) connect_person(person);
  if (person->socket >= 0) send_request(person);
}

static long number_after(const char *text, const char *name) {
  const char *found = strstr(text, name);
  return found ? strtol(found + strlen(name), NULL, 10) : 0;
}

static int copy_until(const char *text, const char *name, char stop, char *to, size_t room) {
  const char *found = strstr(text, name);
  if (!found) return 0;
  found += strlen(name);
  const char *last = strchr(found, stop);
  if (!last || (size_t)(last - found) >= room) return 0;
  memcpy(to, found, (size_t)(last - found));
  to[last - found] = 0;
  return 1;
}

static void take_answer(struct person *person, int status, const char *header, const char *body) {
  double time = now();
  if (last_answer && time - last_answer > longest_gap) longest_gap = time - last_answer;
  last_answer = time;
  person->is_sent = 0;
  if (status >= 0 && status < 600) statuses[status]++;
  if (status == 429 || status == 503) {
    person->wake = time + 0.2;
    return;
  }
  double took = time - person->begun;
  person->begun = 0;
  if (status != 200) {
    fprintf(stderr, "annotators: status %d: %.200s\n", status, body);
    person->step = person->step == SIGN_IN ? FINISHED : NEXT;
    if (status == 401) person->step = SIGN_IN;
    person->wake = time + 0.2;
    if (person->step == FINISHED) finished++;
    return;
  }
  switch (person->step) {
    case SIGN_IN:
      if (!copy_until(header, "mixinstruct_session=", ';', person->cookie, sizeof person->cookie)
          || !copy_until(body, "\"csrf\":\"", '"', person->csrf, sizeof person->csrf))
        fail("no session in the answer to a sign-in");
      person->step = NEXT;
      break;
    case NEXT:
      keep(&next_task, took);
      person->assignment = number_after(body, "\"assignment_id\":");
      if (!person->assignment) {
        person->step = FINISHED;
        finished++;
        return;
      }
      person->step = VOTE;
      snprintf(
          person->key, sizeof person->key, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)draw(),
          (unsigned)(draw() & 0xFFFF), (unsigned)(draw() & 0xFFF), (unsigned)(draw() & 0xFFF),
          (unsigned long long)(draw() & 0xFFFFFFFFFFFF));
      if (think > 0) {
        person->step = THINK;
        person->wake = time + think * (0.5 + (double)(draw() >> 11) * 0x1p-53);
        return;
      }
      break;
    default:
      keep(&vote, took);
      if (strstr(body, "\"repeated\":true")) repeated++;
      fprintf(
          answered, "%s\t%ld\t%ld\n", person->key, person->assignment,
          number_after(body, "\"vote_id\":"));
      person->step = NEXT;
  }
  if (time < end) go_on(person);
}

static void receive(struct person *person) {
  for (;;) {
    if (person->reply_room - person->reply_size < 65536) {
      person->reply_room += 65536;
      person->reply = realloc(person->reply, person->reply_room + 1);
      if (!person->reply) fail("out of memory");
    }
    ssize_t count = recv(
        person->socket, person->reply + person->reply_size,
        person->reply_room - person->reply_size, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
      lost(person);
      return;
    }
    person->reply_size += (size_t)count;
    person->reply[person->reply_size] = 0;
    char *header_end = strstr(person->reply, "\r\n\r\n");
    if (!header_end) continue;
    const char *length = strcasestr(person->reply, "\r\ncontent-length:");
    size_t size = length && length < header_end ? strtoul(length + 17, NULL, 10) : 0;
    size_t whole = (size_t)(header_end - person->reply) + 4 + size;
    if (person->reply_size < whole) continue;
    *header_end = 0;
    int status = (int)strtol(person->reply + 9, NULL, 10);
    person->reply_size = 0;
    take_answer(person, status, person->reply, header_end + 4);
    return;
  }
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void print_latencies(const char *name, struct latencies *of) {
  qsort(of->values, of->count, sizeof *of->values, by_value);
  double p50 = 0, p99 = 0, most = 0;
  if (of->count) {
    p50 = of->values[of->count / 2];
    p99 = of->values[(size_t)((double)of->count * 0.99)];
    most = of->values[of->count - 1];
  }
  printf(
      ", \"%s\": {\"count\": %zu, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}", name,
      of->count, p50 * 1e3, p99 * 1e3, most * 1e3);
}

static void read_links(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail("cannot open the file of links");
  char *line = NULL;
  size_t room = 0;
  ssize_t size;
  while ((size = getline(&line, &room, file)) > 0) {
    line[strcspn(line, "\r\n")] = 0;
    people = realloc(people, (size_t)(people_count + 1) * sizeof *people);
    if (!people) fail("out of memory");
    people[people_count++] = (struct person){.socket = -1, .step = SIGN_IN, .link = strdup(line)};
  }
  fclose(file);
  if (!people_count) fail("the file of links is empty");
}

int main(int count, char **words) {
  if (count != 7) fail("usage: annotators ADDRESS PORT LINKS SECONDS THINK_MS LOG");
  place.sin_family = AF_INET;
  place.sin_port = htons((uint16_t)atoi(words[2]));
  if (inet_pton(AF_INET, words[1], &place.sin_addr) != 1) fail("no IPv4 address");
  read_links(words[3]);
  double seconds = atof(words[4]);
  think = atof(words[5]) / 1e3;
  answered = fopen(words[6], "w");
  if (!answered) fail("cannot write the log");
  struct timespec clock;
  clock_gettime(CLOCK_REALTIME, &clock);
  seed ^= (uint64_t)clock.tv_nsec * 2654435761u ^ (uint64_t)clock.tv_sec << 20;
  events = epoll_create1(EPOLL_CLOEXEC);
  double begin = now();
  end = begin + seconds;
  for (int each = 0; each < people_count; each++)
    people[each].wake = begin + 1e-9 + (think > 0 ? think * each / people_count : 0);
  struct epoll_event ready[256];
  for (;;) {
    double time = now();
    int waiting = 0;
    for (int each = 0; each < people_count; each++) {
      struct person *person = &people[each];
      /* After the end nobody begins anything; what was begun is brought to its answer. */
      int is_begun = person->begun > 0;
      if (person->wake && person->wake <= time && (time < end || is_begun)) go_on(person);
      if (person->step != FINISHED && (time < end || person->begun > 0)) waiting++;
    }
    if (!waiting || time > end + 30) break;
    int found = epoll_wait(events, ready, 256, 5);
    for (int each = 0; each < found; each++) {
      struct person *person = ready[each].data.ptr;
      if (person->socket >= 0) receive(person);
    }
  }
  fclose(answered);
  double took = now() - begin;
  printf("{\"people\": %d, \"seconds\": %.3f", people_count, took);
  print_latencies("next", &next_task);
  print_latencies("vote", &vote);
  printf(
      ", \"repeated\": %ld, \"reconnects\": %ld, \"finished\": %ld, \"longest_gap_ms\": %.1f, "
      "\"statuses\": {",
      repeated, reconnects, finished, longest_gap * 1e3);
  const char *separator = "";
  for (int status = 0; status < 600; status++) {
    if (!statuses[status]) continue;
    printf("%s\"%d\": %ld", separator, status, statuses[status]);
    separator = ", ";
  }
  printf("}}\n");
  return 0;
}
