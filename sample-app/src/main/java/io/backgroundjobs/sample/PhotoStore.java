package io.backgroundjobs.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.springframework.core.io.InputStreamSource;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.StreamUtils;
import org.springframework.util.unit.DataSize;

/**
 * Keeps the photos' files: a folder for each photo, with the original and its thumbnails.
 * Whatever begins with a dot is half written or half deleted and is not on the shelf; a
 * rename, which is atomic, takes it there and away. So a kill at any moment leaves
 * nothing that looks like a photo and is none.
 */
@Component
class PhotoStore {

	private final Path root;

	private final DataSize maxSize;

	PhotoStore(PhotoProperties properties) throws IOException {
		this.root = Files.createDirectories(properties.directory().toAbsolutePath());
		this.maxSize = properties.maxSize();
	}

	/**
	 * Return the photos of earlier runs of the application, and clear away what those
	 * left half done.
	 */
	List<Photo> load() throws IOException {
		List<Photo> photos = new ArrayList<>();
		for (Path folder : folders()) {
			if (isHidden(folder)) {
				FileSystemUtils.deleteRecursively(folder);
				continue;
			}
			for (ImageType type : ImageType.values()) {
				if (Files.exists(original(folder, type))) {
					photos.add(read(folder, type));
				}
			}
		}
		return photos;
	}

	/**
	 * Store a new photo.
	 * @throws PhotoRefusedException if the content is no image, or too large
	 */
	Photo save(InputStreamSource content) throws IOException {
		String id = UUID.randomUUID().toString();
		Path hidden = Files.createDirectory(hidden(id));
		try {
			ImageType type = write(content, hidden);
			Path folder = Files.move(hidden, folder(id), StandardCopyOption.ATOMIC_MOVE);
			return read(folder, type);
		}
		catch (IOException | RuntimeException ex) {
			FileSystemUtils.deleteRecursively(hidden);
			throw ex;
		}
	}

	void saveThumbnail(Photo photo, ThumbnailSize size, byte[] content) throws IOException {
		Path file = thumbnail(photo, size);
		Path hidden = file.resolveSibling("." + file.getFileName());
		Files.write(hidden, content);
		Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
	}

	Path original(Photo photo) {
		return original(folder(photo.id()), photo.type());
	}

	Path thumbnail(Photo photo, ThumbnailSize size) {
		return thumbnail(folder(photo.id()), photo.type(), size);
	}

	/**
	 * Remove a photo's files. A job that still writes to them finds the folder gone.
	 */
	void delete(Photo photo) throws IOException {
		Path hidden = hidden(photo.id());
		try {
			Files.move(folder(photo.id()), hidden, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (NoSuchFileException ex) {
			return; // somebody else took it away
		}
		FileSystemUtils.deleteRecursively(hidden);
	}

	/**
	 * Measure what all files take together.
	 */
	DataSize usage() throws IOException {
		AtomicLong bytes = new AtomicLong();
		Files.walkFileTree(this.root, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				bytes.addAndGet(attributes.size());
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException failure) {
				return FileVisitResult.CONTINUE; // deleted meanwhile
			}

		});
		return DataSize.ofBytes(bytes.get());
	}

	private ImageType write(InputStreamSource content, Path folder) throws IOException {
		try (InputStream in = content.getInputStream()) {
			byte[] start = in.readNBytes(ImageType.SIGNATURE_LENGTH);
			ImageType type = ImageType.detect(start)
				.orElseThrow(() -> new PhotoRefusedException(PhotoRefusedException.Reason.UNSUPPORTED,
						"This is neither a JPEG nor a PNG image."));
			try (OutputStream out = Files.newOutputStream(original(folder, type))) {
				out.write(start);
				// Counts what really comes: a size that somebody declared proves nothing.
				long rest = StreamUtils.copyRange(in, out, 0, this.maxSize.toBytes() - start.length);
				if (start.length + rest > this.maxSize.toBytes()) {
					throw new PhotoRefusedException(PhotoRefusedException.Reason.TOO_LARGE,
							"A photo may have " + this.maxSize.toMegabytes() + " MB at most.");
				}
			}
			return type;
		}
	}

	private Photo read(Path folder, ImageType type) throws IOException {
		boolean complete = Arrays.stream(ThumbnailSize.values())
			.allMatch((size) -> Files.exists(thumbnail(folder, type, size)));
		return new Photo(folder.getFileName().toString(), type,
				Files.getLastModifiedTime(original(folder, type)).toInstant(), complete, null);
	}

	private List<Path> folders() throws IOException {
		try (Stream<Path> children = Files.list(this.root)) {
			return children.toList();
		}
	}

	private Path folder(String id) {
		return this.root.resolve(id);
	}

	private Path hidden(String id) {
		return this.root.resolve("." + id);
	}

	private static boolean isHidden(Path folder) {
		return folder.getFileName().toString().startsWith(".");
	}

	private static Path original(Path folder, ImageType type) {
		return folder.resolve("original." + type.extension());
	}

	private static Path thumbnail(Path folder, ImageType type, ThumbnailSize size) {
		return folder.resolve(size + "." + type.extension());
	}

}
