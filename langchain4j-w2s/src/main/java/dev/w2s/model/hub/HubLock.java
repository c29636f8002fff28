// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Only one downloads a file at a time. It saves the download of the others and no more: some file
 * systems have no locks, and on some platforms other tools do not see this one, so what is
 * downloaded is right without it as well.
 */
final class HubLock {
  private static final Logger LOG = LoggerFactory.getLogger(HubLock.class);

  /** A file lock is between processes; these are between threads. Several files may share one. */
  private static final List<ReentrantLock> THREADS =
      Stream.generate(ReentrantLock::new).limit(64).toList();

  private HubLock() {}

  /** Does something while no other does anything under the same file. */
  static void holding(Path file, Action action) throws IOException, InterruptedException {
    ReentrantLock threads = THREADS.get(Math.floorMod(file.hashCode(), THREADS.size()));
    threads.lockInterruptibly();
    try {
      FileChannel processes = lock(file);
      try {
        action.run(processes != null);
      } finally {
        close(processes);
      }
    } finally {
      threads.unlock();
    }
  }

  private static @Nullable FileChannel lock(Path file) throws InterruptedException {
    FileChannel channel = null;
    try {
      LocalRepository.createFolder(file.getParent());
      channel = FileChannel.open(file, CREATE, WRITE);
      if (channel.tryLock() == null) {
        LOG.info("another process downloads {}; waiting for it", file.getFileName());
        channel.lock();
      }
      return channel;
    } catch (FileLockInterruptionException | ClosedByInterruptException e) {
      close(channel);
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException().initCause(e);
    } catch (IOException | OverlappingFileLockException e) {
      close(channel);
      LOG.warn("{} cannot be locked: {}", file, e.toString());
      return null;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("a lock cannot be closed", e);
    }
  }

  /** What is done under a lock. */
  @FunctionalInterface
  interface Action {
    /** Does it; without a lock between processes it is not alone. */
    void run(boolean alone) throws IOException, InterruptedException;
  }
}
