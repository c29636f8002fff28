// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import dev.w2s.model.files.InvalidModelException;
import java.util.regex.Pattern;

/**
 * A repository of a hub at a revision, written {@code hf:org/name[@revision]}.
 *
 * @param repository {@code org/name}, or {@code name} for the few that have no organisation
 * @param revision a branch, a tag or a commit
 */
public record HubReference(String repository, String revision) {
  /** What such a reference begins with. */
  public static final String PREFIX = "hf:";

  private static final String DEFAULT_REVISION = "main";
  private static final int LONGEST_REPOSITORY = 96;
  private static final int LONGEST_REVISION = 255;

  /** A word begins and ends with a letter, a digit or '_'. */
  private static final String WORD = "\\w(?:[\\w.-]*\\w)?";

  private static final Pattern REPOSITORY = Pattern.compile("(?:" + WORD + "/)?" + WORD);
  private static final Pattern REVISION = Pattern.compile("[\\w+][\\w.+-]*(?:/[\\w+][\\w.+-]*)*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * Reads a reference; nothing is looked up.
   *
   * @param text begins with {@link #PREFIX}
   * @throws InvalidModelException if it names no repository or no revision
   */
  public static HubReference parse(String text) {
    String place = text.substring(PREFIX.length());
    int at = place.indexOf('@');
    String repository = at < 0 ? place : place.substring(0, at);
    String revision = at < 0 ? DEFAULT_REVISION : place.substring(at + 1);
    if (!isRepository(repository)) {
      throw new InvalidModelException(
          ("model reference '%s': '%s' is no repository; it must be ORG/NAME of at most %d letters,"
                  + " digits, '-', '_' and '.', without '--' and '..', not beginning or ending with"
                  + " '-' or '.', nor ending with '.git'")
              .formatted(text, repository, LONGEST_REPOSITORY));
    }
    if (!isRevision(revision)) {
      throw new InvalidModelException(
          ("model reference '%s': '%s' is no revision; it must be a branch, a tag or a commit of at"
                  + " most %d letters, digits, '-', '_', '.', '+' and '/', without '..'")
              .formatted(text, revision, LONGEST_REVISION));
    }
    return new HubReference(repository, revision);
  }

  /** Whether a text has the form of {@code org/name}, as other tools write a repository's name. */
  public static boolean isNameOfOrganisation(String text) {
    return text.contains("/") && isRepository(text);
  }

  private static boolean isRepository(String text) {
    return text.length() <= LONGEST_REPOSITORY
        && REPOSITORY.matcher(text).matches()
        && !text.contains("--")
        && !text.contains("..")
        && !text.endsWith(".git");
  }

  private static boolean isRevision(String text) {
    return text.length() <= LONGEST_REVISION
        && REVISION.matcher(text).matches()
        && !text.contains("..");
  }

  /** Whether a text is the full name of a commit. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** Whether the revision is a commit, which never changes. */
  boolean isPinned() {
    return isCommit(revision);
  }

  /** The repository's folder in a cache. */
  String folder() {
    return "models--" + repository.replace("/", "--");
  }

  /** The same repository at another revision. */
  HubReference at(String other) {
    return new HubReference(repository, other);
  }

  @Override
  public String toString() {
    return PREFIX + repository + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
  }
}
