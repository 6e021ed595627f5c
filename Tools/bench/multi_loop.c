/* A bare libcurl multi loop: POSTs bodies over kept connections and checks the status of each answer.
 *
 * usage: multi_loop URL BODIES CONCURRENCY REQUESTS
 *
 * BODIES has one body a line; they are sent again and again. Prints {"seconds": …, "requests": …}.
 * It neither parses nor keeps an answer: it is what libcurl alone can do, an upper bound.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct body {
  char *text;
  long size;
};

static struct body *bodies;
static size_t body_count;

static void fail(const char *message) {
  fprintf(stderr, "multi_loop: %s\n", message);
  exit(1);
}

static void read_bodies(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail("cannot open the file of bodies");
  size_t room = 0, capacity = 0;
  char *line = NULL;
  ssize_t size;
  while ((size = getline(&line, &room, file)) > 0) {
    if (line[size - 1] == '\n') size--;
    if (body_count == capacity) {
      capacity = capacity ? 2 * capacity : 1024;
      bodies = realloc(bodies, capacity * sizeof *bodies);
      if (!bodies) fail("out of memory");
    }
    bodies[body_count].text = strndup(line, (size_t)size);
    if (!bodies[body_count].text) fail("out of memory");
    bodies[body_count++].size = size;
  }
  free(line);
  fclose(file);
  if (body_count == 0) fail("the file of bodies is empty");
}

static size_t discard(char *data, size_t size, size_t count, void *context) {
  (void)data;
  (void)context;
  return size * count;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void start(CURLM *multi, CURL *easy, long number) {
  const struct body *body = &bodies[(size_t)number % body_count];
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->text);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, body->size);
  if (curl_multi_add_handle(multi, easy) != CURLM_OK) fail("cannot start a request");
}

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "--version") == 0) {
    puts(curl_version_info(CURLVERSION_NOW)->version);
    return 0;
  }
  if (count != 5) fail("usage: multi_loop URL BODIES CONCURRENCY REQUESTS");
  long concurrency = atol(words[3]), total = atol(words[4]);
  if (concurrency < 1 || total < concurrency) fail("more requests than connections are needed");
  read_bodies(words[2]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM *multi = curl_multi_init();
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  /* Without this libcurl asks for leave before a body above 1 MB, and older ones above 1 KB. */
  headers = curl_slist_append(headers, "Expect:");
  if (!multi || !headers) fail("out of memory");
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, concurrency);

  double began = now();
  long sent = 0, answered = 0;
  for (; sent < concurrency; sent++) {
    CURL *easy = curl_easy_init();
    if (!easy) fail("out of memory");
    curl_easy_setopt(easy, CURLOPT_URL, words[1]);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    start(multi, easy, sent);
  }
  int running = 1;
  while (answered < total) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) fail("the transfer failed");
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
      long status = 0;
      CURL *easy = message->easy_handle;
      if (message->data.result != CURLE_OK) fail(curl_easy_strerror(message->data.result));
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      if (status != 200) fail("an answer had another status than 200");
      answered++;
      curl_multi_remove_handle(multi, easy);
      if (sent < total) {
        start(multi, easy, sent++);
        running++;
      } else {
        curl_easy_cleanup(easy);
      }
    }
    if (running && curl_multi_poll(multi, NULL, 0, 1000, NULL) != CURLM_OK) fail("cannot wait");
  }
  printf("{\"seconds\": %.6f, \"requests\": %ld}\n", now() - began, answered);
  curl_multi_cleanup(multi);
  curl_slist_free_all(headers);
  curl_global_cleanup();
  return 0;
}
