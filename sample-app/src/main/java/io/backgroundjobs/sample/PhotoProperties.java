package io.backgroundjobs.sample;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.boot.system.ApplicationTemp;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * What can be set about the shelf, below {@code photos}.
 *
 * @param directory where photos are kept; by default {@code photos} in the build
 * directory, wherever the application is started from
 * @param keep how long a photo stays on the shelf
 * @param maxSize size of a photo's file at most
 * @param maxPixels width times height of a photo at most
 * @param maxArchiveEntries how many entries an imported archive has at most
 */
@ConfigurationProperties("photos")
record PhotoProperties(Path directory, Duration keep, DataSize maxSize, long maxPixels, int maxArchiveEntries) {

	PhotoProperties(@Nullable Path directory, @DefaultValue("7d") Duration keep, @DefaultValue("25MB") DataSize maxSize,
			@DefaultValue("64000000") long maxPixels, @DefaultValue("500") int maxArchiveEntries) {
		Assert.isTrue(keep.compareTo(Duration.ZERO) > 0, "photos.keep must be positive");
		Assert.isTrue(maxSize.toBytes() > 0, "photos.max-size must be positive");
		Assert.isTrue(maxPixels > 0, "photos.max-pixels must be positive");
		Assert.isTrue(maxArchiveEntries > 0, "photos.max-archive-entries must be positive");
		this.directory = (directory != null) ? directory : defaultDirectory();
		this.keep = keep;
		this.maxSize = maxSize;
		this.maxPixels = maxPixels;
		this.maxArchiveEntries = maxArchiveEntries;
	}

	/**
	 * The classes or the jar lie in the build directory; elsewhere there is none, and a
	 * temporary directory must do.
	 */
	private static Path defaultDirectory() {
		File source = new ApplicationHome(PhotoShelfApplication.class).getSource();
		File parent = (source != null) ? source.getParentFile() : null;
		boolean built = parent != null && parent.getName().equals("target");
		return built ? new File(parent, "photos").toPath() : new ApplicationTemp().getDir("photos").toPath();
	}

}
