// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ShardIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models of a Hugging Face hub as directories of this machine, downloaded as far as needed. */
public final class HubModels {
  private static final Logger LOG = LoggerFactory.getLogger(HubModels.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HubSettings settings;
  private final Retries retries;
  private final Duration patience;
  private final ToLongFunction<Path> space;

  /**
   * @param settings where the hub and the cache are
   */
  public HubModels(HubSettings settings) {
    this(settings, Retries.standard(), PATIENCE, HubModels::usableSpace);
  }

  /**
   * @param space how many bytes can be written in a folder
   */
  HubModels(HubSettings settings, Retries retries, Duration patience, ToLongFunction<Path> space) {
    this.settings = settings;
    this.retries = retries;
    this.patience = patience;
    this.space = space;
  }

  private static long usableSpace(Path folder) {
    try {
      long space = Files.getFileStore(folder).getUsableSpace();
      return space < 0 ? Long.MAX_VALUE : space;
    } catch (IOException e) {
      LOG.debug("the free space of {} is not known", folder, e);
      return Long.MAX_VALUE;
    }
  }

  /**
   * The directory of a model. A branch or a tag is looked up each time; what is here already is not
   * downloaded again.
   *
   * @param part what the directory has to hold
   * @throws InvalidModelException if the model cannot be had; the message says what helps
   * @throws CancellationException if the thread is interrupted, whose flag is set again; what has
   *     been downloaded so far is gone on with the next time
   */
  public Path resolve(HubReference reference, Part part) {
    LocalRepository local = new LocalRepository(settings.cache(), reference);
    try {
      return resolve(reference, part, local);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while downloading " + reference);
    } catch (IOException e) {
      throw new InvalidModelException(
          "%s cannot be downloaded to %s: %s"
              .formatted(reference, settings.cache(), Retries.said(e)),
          e);
    }
  }

  private Path resolve(HubReference reference, Part part, LocalRepository local)
      throws IOException, InterruptedException {
    String known = local.commit();
    if (known != null && reference.isPinned() && local.isComplete(known, part)) {
      return local.snapshot(known);
    }
    String problem = known == null ? "nothing of this revision" : local.problem(known, part);
    if (settings.offline()) {
      return offline(reference, local, known, problem);
    }
    HubClient hub = new HubClient(settings, reference, retries, patience);
    Listing listing;
    try {
      listing = hub.list(problem == null ? retries.none() : retries);
    } catch (HubUnavailableException e) {
      if (known == null || problem != null) {
        throw e;
      }
      LOG.warn("{}; going on with commit {}, downloaded before", e.getMessage(), known);
      return local.snapshot(known);
    }
    new Fetch(reference, hub, local, listing).part(part);
    return local.snapshot(listing.commit());
  }

  private Path offline(
      HubReference reference,
      LocalRepository local,
      @Nullable String known,
      @Nullable String problem) {
    if (known == null || problem != null) {
      throw new InvalidModelException(
          ("%s is not in %s (%s), and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids to download"
                  + " it; once without, or 'hf download %s', puts it there")
              .formatted(reference, settings.cache(), problem, reference.repository()));
    }
    return local.snapshot(known);
  }

  /** The download of what a snapshot lacks. */
  private final class Fetch {
    private final HubReference reference;
    private final HubClient hub;
    private final LocalRepository local;
    private final Listing listing;

    Fetch(HubReference reference, HubClient hub, LocalRepository local, Listing listing) {
      this.reference = reference;
      this.hub = hub;
      this.local = local;
      this.listing = listing;
    }

    /** What is small comes first, and tells what of the large is needed. */
    void part(Part part) throws IOException, InterruptedException {
      String problem = part.problem(listing.files());
      if (problem != null) {
        throw new InvalidModelException(
            "%s (commit %s) cannot be used: the repository has %s"
                .formatted(reference, listing.commit(), problem));
      }
      files(part.small(listing.files()));
      if (part == Part.WHOLE) {
        weights();
      }
      local.remember(listing, part);
    }

    private void weights() throws IOException, InterruptedException {
      if (!listing.files().contains(Part.Names.WEIGHTS)
          && listing.files().contains(ShardIndex.NAME)) {
        files(List.of(ShardIndex.NAME));
      }
      List<String> weights = local.weights(listing.commit(), listing.files());
      for (String name : weights) {
        if (!listing.files().contains(name)) {
          throw new InvalidModelException(
              "%s (commit %s): %s names %s, which the repository does not have"
                  .formatted(reference, listing.commit(), ShardIndex.NAME, name));
        }
      }
      files(weights);
    }

    private void files(List<String> names) throws IOException, InterruptedException {
      List<RemoteFile> missing = new ArrayList<>();
      for (String name : names) {
        if (!local.has(listing.commit(), name)) {
          missing.add(hub.find(listing.commit(), name));
        }
      }
      if (missing.isEmpty()) {
        return;
      }
      LocalRepository.createFolder(local.blobs());
      requireSpace(missing);
      for (RemoteFile file : missing) {
        HubLock.holding(
            local.lock(file.etag()),
            alone -> {
              if (!local.has(listing.commit(), file.name())) {
                file(file, alone);
              }
            });
      }
    }

    /** At once for all, rather than after hours at the last. */
    private void requireSpace(List<RemoteFile> missing) throws IOException {
      long needed = 0;
      for (RemoteFile file : missing) {
        if (!Files.exists(local.blob(file.etag()))) {
          Path partial = local.partial(file.etag());
          long here = Files.exists(partial) ? Files.size(partial) : 0;
          needed += Math.max(0, file.size() - here);
        }
      }
      long free = space.applyAsLong(local.blobs());
      if (needed > free) {
        throw new InvalidModelException(
            "%s needs %d more bytes in %s, where %d are free (%s and %s)"
                .formatted(
                    reference,
                    needed,
                    settings.cache(),
                    free,
                    Bytes.text(needed),
                    Bytes.text(free)));
      }
    }

    private void file(RemoteFile file, boolean alone) throws IOException, InterruptedException {
      boolean isNew = !isWhole(local.blob(file.etag()), file.size());
      if (isNew && alone) {
        download(file, local.partial(file.etag()));
      } else if (isNew) {
        // Without a lock another may be at the common part, so there is nothing to go on with.
        Path partial = local.partialOfOneUse(file.etag());
        try {
          download(file, partial);
        } finally {
          Files.deleteIfExists(partial);
        }
      }
      local.place(listing.commit(), file, isNew);
    }

    private void download(RemoteFile file, Path partial) throws IOException, InterruptedException {
      new BlobDownload(
              hub,
              file,
              reference + ": " + file.name(),
              partial,
              () -> space.applyAsLong(local.blobs()))
          .run(local.blob(file.etag()), retries);
    }
  }

  private static boolean isWhole(Path blob, long size) throws IOException {
    return Files.isRegularFile(blob) && (size < 0 || Files.size(blob) == size);
  }
}
