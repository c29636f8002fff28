// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ShardIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository as the cache has it, laid out as Hugging Face's tools do: contents in {@code blobs}
 * under their hashes, a folder of links to them in {@code snapshots} for every commit, the commit
 * of a branch or tag in {@code refs}, and in {@code .no_exist} the names of files that a commit is
 * known not to have.
 */
final class LocalRepository {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRepository.class);

  /** Of folders, only one is of interest: that of chat templates. */
  private static final int DEPTH = 2;

  private final HubReference reference;
  private final Path cache;
  private final Path root;

  LocalRepository(Path cache, HubReference reference) {
    this.cache = cache;
    this.reference = reference;
    root = cache.resolve(reference.folder());
  }

  Path snapshot(String commit) {
    return root.resolve("snapshots").resolve(commit);
  }

  Path blobs() {
    return root.resolve("blobs");
  }

  Path blob(String etag) {
    return blobs().resolve(etag);
  }

  /** Other tools call theirs otherwise: none may go on writing where another is at work. */
  Path partial(String etag) {
    return blobs().resolve(etag + ".w2s.incomplete");
  }

  /** One that no other process can know of. */
  Path partialOfOneUse(String etag) {
    return blobs().resolve(etag + "." + UUID.randomUUID() + ".w2s.incomplete");
  }

  Path lock(String etag) {
    return cache.resolve(".locks").resolve(reference.folder()).resolve(etag + ".lock");
  }

  /** The commit that the revision was when it was last looked for; null where it never was. */
  @Nullable String commit() {
    if (reference.isPinned()) {
      return reference.revision();
    }
    try {
      String commit = Files.readString(ref(), US_ASCII).strip();
      return HubReference.isCommit(commit) ? commit : null;
    } catch (IOException e) {
      return null; // none, or one that cannot be read
    }
  }

  private Path ref() {
    return root.resolve("refs").resolve(reference.revision());
  }

  boolean has(String commit, String name) {
    return Files.isRegularFile(snapshot(commit).resolve(name));
  }

  /** Why a snapshot does not hold a part; null where it does. */
  @Nullable String problem(String commit, Part part) {
    Set<String> present = present(commit);
    String problem = part.problem(present);
    if (problem != null || part != Part.WHOLE) {
      return problem;
    }
    return weights(commit, present).stream()
        .filter(name -> !present.contains(name))
        .findFirst()
        .map(name -> "no " + name)
        .orElse(null);
  }

  private Set<String> present(String commit) {
    Path snapshot = snapshot(commit);
    if (!Files.isDirectory(snapshot)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(snapshot, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw InvalidModelException.unreadable(snapshot, e);
    } catch (UncheckedIOException e) {
      throw InvalidModelException.in(snapshot, "cannot be read", e);
    }
  }

  /** Whether a snapshot holds a part, and of the files that it lacks none exists. */
  boolean isComplete(String commit, Part part) {
    return problem(commit, part) == null
        && part.optional().stream()
            .allMatch(name -> has(commit, name) || Files.exists(absent(commit).resolve(name)));
  }

  private Path absent(String commit) {
    return root.resolve(".no_exist").resolve(commit);
  }

  /**
   * The files of the weights.
   *
   * @param listed the repository's files; where an index is among them, the snapshot has it
   * @throws InvalidModelException if the index names what cannot be a shard
   */
  List<String> weights(String commit, Collection<String> listed) {
    Stream<String> adapter = Stream.of(Part.Names.ADAPTER_WEIGHTS).filter(listed::contains);
    Stream<String> model =
        listed.contains(Part.Names.WEIGHTS) || !listed.contains(ShardIndex.NAME)
            ? Stream.of(Part.Names.WEIGHTS).filter(listed::contains)
            : ShardIndex.of(JsonFile.read(snapshot(commit).resolve(ShardIndex.NAME)))
                .files()
                .stream();
    return Stream.concat(adapter, model).toList();
  }

  /**
   * Puts a file into a snapshot.
   *
   * @param isNew whether the blob has no other use yet
   */
  void place(String commit, RemoteFile file, boolean isNew) throws IOException {
    Path place = snapshot(commit).resolve(file.name());
    createFolder(place.getParent());
    link(blob(file.etag()), place, isNew);
  }

  /** A folder with all above it; of links to folders, Java's own method knows only from 20 on. */
  static void createFolder(@Nullable Path folder) throws IOException {
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
  }

  /** A relative link, so that the cache can be moved; where there are no links, the file itself. */
  static void link(Path blob, Path place, boolean isNew) throws IOException {
    Files.deleteIfExists(place);
    Path folder = Objects.requireNonNull(place.getParent());
    try {
      Files.createSymbolicLink(place, folder.relativize(blob));
    } catch (FileAlreadyExistsException e) {
      LOG.debug("another tool was faster", e);
    } catch (UnsupportedOperationException | IOException e) {
      LOG.debug("no link to {}", blob, e);
      if (isNew) {
        Files.move(blob, place);
      } else {
        Files.copy(blob, place);
      }
    }
  }

  /**
   * Keeps in mind what the hub said of a part that is here now. The cache may be read-only; then
   * the hub is asked again the next time.
   */
  void remember(Listing listing, Part part) {
    try {
      for (String name : part.optional()) {
        Path marker = absent(listing.commit()).resolve(name);
        if (!listing.files().contains(name) && !Files.exists(marker)) {
          createFolder(marker.getParent());
          Files.write(marker, new byte[0]);
        }
      }
      String last = commit();
      if (!listing.commit().equals(last) && isNoLoss(last, listing.commit())) {
        writeRef(listing.commit());
      }
    } catch (IOException e) {
      LOG.debug("{}: the cache does not keep the commit", reference, e);
    }
  }

  /**
   * A branch moves on when its new commit can be used like its last one: who is offline then, or
   * before the weights have come, still has that.
   */
  private boolean isNoLoss(@Nullable String last, String next) {
    return last == null || problem(last, Part.WHOLE) != null || problem(next, Part.WHOLE) == null;
  }

  private void writeRef(String commit) throws IOException {
    createFolder(ref().getParent());
    Path fresh = ref().resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      Files.writeString(fresh, commit, US_ASCII);
      Files.move(fresh, ref(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
