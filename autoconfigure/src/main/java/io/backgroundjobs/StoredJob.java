package io.backgroundjobs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A job in the application's database, as it was when it was looked at.
 *
 * @param name the name of the job
 * @param instance what tells it from others of its name: its key if it has one, as long
 * as it has not failed for good, else its identifier
 * @param id the identifier; {@link Job#id()} on whatever instance runs it
 * @param state {@link JobState#SCHEDULED}, {@link JobState#PENDING},
 * {@link JobState#RUNNING} or {@link JobState#FAILED}
 * @param createdAt when it was spawned
 * @param due when it is due, or has been; {@code null} for one that has failed
 * @param attempts how many attempts have failed
 * @param runningOn the name of the instance that runs it, or {@code null} if none does
 * @param failure what the last attempt threw, as text: its class and, after a colon, its
 * message; {@code null} if none has failed
 * @param failedAt when that was, or {@code null} if none has failed
 * @since 1.0.0
 */
public record StoredJob(String name, String instance, String id, JobState state, Instant createdAt,
		@Nullable Instant due, int attempts, @Nullable String runningOn, @Nullable String failure,
		@Nullable Instant failedAt) {
}
