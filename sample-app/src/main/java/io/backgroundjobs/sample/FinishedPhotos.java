package io.backgroundjobs.sample;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Set;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.unit.DataSize;

/**
 * Keeps a record of each photo that is done, in the database.
 */
@Repository
class FinishedPhotos {

	private final JdbcClient database;

	private final PhotoNotifier notifier;

	FinishedPhotos(JdbcClient database, PhotoNotifier notifier) {
		this.database = database;
		this.notifier = notifier;
	}

	/**
	 * Store the record of a photo, and have it notified: both, or neither.
	 */
	@Transactional
	void add(Photo photo, DataSize thumbnails) {
		PhotoDone done = new PhotoDone(photo.id(), photo.type().mediaType().toString(),
				Instant.now().truncatedTo(ChronoUnit.MILLIS));
		this.database
			.sql("insert into finished_photo (id, media_type, finished_at, thumbnail_bytes) values (?, ?, ?, ?)")
			.params(done.id(), done.mediaType(), timestamp(done.finishedAt()), thumbnails.toBytes())
			.update();
		if (this.notifier.isConfigured()) {
			this.notifier.photoDone(done);
		}
	}

	Set<String> ids() {
		return this.database.sql("select id from finished_photo").query((row, number) -> row.getString("id")).set();
	}

	/**
	 * Forget the photos that were done before an instant.
	 */
	void removeBefore(Instant instant) {
		this.database.sql("delete from finished_photo where finished_at < ?").param(timestamp(instant)).update();
	}

	private static OffsetDateTime timestamp(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

}
