// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.w2s.model.files.InvalidModelException;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads one file: into a partial file, which a later attempt goes on with, in this process or
 * in another; then its hash is compared, and it takes its place by one rename.
 */
final class BlobDownload {
  private static final Logger LOG = LoggerFactory.getLogger(BlobDownload.class);

  /** A hub that does not tell a file's size sends a small one. */
  private static final long MOST_UNSIZED = 64 << 20;

  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-.*");

  private final HubClient hub;
  private final RemoteFile file;
  private final String name;
  private final Path partial;
  private final LongSupplier free;

  /**
   * @param name what to call the file in messages
   * @param partial where its first bytes may lie, and come to lie
   * @param free bytes that can be written there
   */
  BlobDownload(HubClient hub, RemoteFile file, String name, Path partial, LongSupplier free) {
    this.hub = hub;
    this.file = file;
    this.name = name;
    this.partial = partial;
    this.free = free;
  }

  /**
   * Downloads it, unless all of it is there.
   *
   * @throws IOException if the file system fails
   * @throws InvalidModelException if the hub does not give it after some attempts, the disk is
   *     full, or the content is not the one it is named by
   */
  void run(Path target, Retries retries) throws IOException, InterruptedException {
    Progress progress = new Progress(name, file.size(), System::nanoTime, LOG::info);
    FileChannel.open(partial, CREATE, WRITE).close();
    long reached = Files.size(partial);
    int failed = 0;
    while (Files.size(partial) != file.size()) {
      try {
        read(progress);
        break;
      } catch (IOException e) {
        // A hub that sends the same few bytes again and again makes no progress.
        failed = Files.size(partial) > reached ? 1 : failed + 1;
        reached = Math.max(reached, Files.size(partial));
        if (!retries.pauseAfter(failed, name, e)) {
          throw hub.failure(file.name(), file.address(), e);
        }
      }
    }
    check();
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    progress.done();
  }

  private void read(Progress progress) throws IOException, InterruptedException {
    long here = Files.size(partial);
    long from = file.size() >= 0 && here > file.size() ? 0 : here;
    HttpResponse<BodyStream> answer = hub.open(file, from);
    try (BodyStream body = answer.body();
        FileChannel out = FileChannel.open(partial, WRITE)) {
      if (answer.statusCode() == 416) {
        out.truncate(0);
        throw new EOFException("the hub has no more than the " + from + " bytes that are here");
      }
      long at = begin(answer, from);
      out.truncate(at);
      out.position(at);
      copy(body, out, progress);
      out.force(false);
      if (file.size() >= 0 && out.position() < file.size()) {
        throw new EOFException("ended after %d of %d bytes".formatted(out.position(), file.size()));
      }
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException().initCause(e);
    }
  }

  /** Where an answer begins: a hub need not know of ranges. */
  private static long begin(HttpResponse<?> answer, long from) throws IOException {
    if (answer.statusCode() != 206) {
      return 0;
    }
    Matcher range = RANGE.matcher(answer.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != from) {
      throw new IOException("the hub sent another part than the one asked for");
    }
    return from;
  }

  private void copy(BodyStream body, FileChannel out, Progress progress)
      throws IOException, InterruptedException {
    List<ByteBuffer> piece = body.next(hub.patience());
    while (!piece.isEmpty()) {
      for (ByteBuffer part : piece) {
        write(out, part);
      }
      progress.at(out.position());
      piece = body.next(hub.patience());
    }
  }

  private void write(FileChannel out, ByteBuffer part) throws IOException {
    long most = file.size() < 0 ? MOST_UNSIZED : file.size();
    if (out.position() + part.remaining() > most) {
      out.truncate(0);
      throw new InvalidModelException(
          "%s is longer than the %d bytes that it should have".formatted(name, most));
    }
    try {
      while (part.hasRemaining()) {
        out.write(part);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      // A full disk, most likely. What is there stays, for when there is room again.
      throw new InvalidModelException(
          "%s cannot be written to %s: %s; %d more bytes are needed, %d are free"
              .formatted(name, partial, e.getMessage(), most - out.position(), free.getAsLong()),
          e);
    }
  }

  private void check() throws IOException, InterruptedException {
    String actual = ContentHash.mismatch(partial, file.etag());
    if (actual != null) {
      Files.delete(partial);
      throw new InvalidModelException(
          "%s was not received as it is: expected %s, got %s; it is thrown away"
              .formatted(name, file.etag(), actual));
    }
  }
}
