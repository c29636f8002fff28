// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import dev.w2s.model.files.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** What a hub's refusals mean, in words that say what to do. */
record HubErrors(HubSettings settings, HubReference reference) {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final int LONGEST_MESSAGE = 200;

  /**
   * Refuses an answer that is none.
   *
   * @param wanted what was asked for
   * @throws BusyHubException if another attempt may have another answer
   * @throws InvalidModelException if not
   */
  void check(HttpResponse<?> answer, String wanted) throws IOException {
    int status = answer.statusCode();
    if (status / 100 == 2) {
      return;
    }
    // A signed address of a storage host lapses; another is given for the asking.
    boolean stored = !settings.isHub(answer.uri()) && code(answer).isEmpty();
    boolean lapsed = status == 403 && stored;
    if (PASSING.contains(status) || lapsed) {
      throw new BusyHubException(
          place(answer.uri()) + " answered " + status, retryAfter(answer.headers()));
    }
    throw refusal(answer, wanted);
  }

  private static String code(HttpResponse<?> answer) {
    return answer.headers().firstValue("X-Error-Code").orElse("");
  }

  private InvalidModelException refusal(HttpResponse<?> answer, String wanted) {
    String place = place(answer.uri());
    return switch (code(answer)) {
      case "GatedRepo" ->
          new HubUnavailableException(
              ("%s is gated: its licence must be accepted at %s/%s, and HF_TOKEN set to a token of"
                      + " the account that did (%s)")
                  .formatted(reference, settings.endpoint(), reference.repository(), token()));
      case "RevisionNotFound" ->
          new InvalidModelException(
              "%s: the repository has no revision %s (%s)"
                  .formatted(reference, reference.revision(), place));
      case "EntryNotFound" ->
          new InvalidModelException(
              "%s: the repository has no %s (%s)".formatted(reference, wanted, place));
      case "RepoNotFound" -> unknownRepository();
      default -> otherRefusal(answer);
    };
  }

  private InvalidModelException otherRefusal(HttpResponse<?> answer) {
    String said = printable(answer.headers().firstValue("X-Error-Message").orElse(""));
    if (said.startsWith("Invalid credentials")) {
      return new HubUnavailableException(
          "%s: %s does not know the token (%s)".formatted(reference, settings.endpoint(), token()));
    }
    // The hub tells nobody whether a private repository is there.
    if (answer.statusCode() == 401 && settings.isHub(answer.uri())) {
      return unknownRepository();
    }
    return new HubUnavailableException(
        "%s: %s answered %d%s"
            .formatted(
                reference,
                place(answer.uri()),
                answer.statusCode(),
                said.isEmpty() ? "" : ": " + said));
  }

  private InvalidModelException unknownRepository() {
    return new HubUnavailableException(
        ("%s: %s has no such repository, or does not show it to you: it may be misspelt, or private"
                + " (%s)")
            .formatted(reference, settings.endpoint(), token()));
  }

  private String token() {
    return settings.token() == null ? "HF_TOKEN is not set" : "HF_TOKEN or its file is set";
  }

  /** An address without its query, where storage hosts want signatures that are as good as keys. */
  static String place(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
  }

  /** What an answer says, fit for a message. */
  static String printable(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= LONGEST_MESSAGE ? plain : plain.substring(0, LONGEST_MESSAGE);
  }

  private static Duration retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(Duration.ZERO);
  }
}
