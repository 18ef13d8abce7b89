package io.holdfast.zab.tls;

/** A PEM file cannot be used; the message names the file and says why, in one line. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final TlsFile file;

    /** Says what is wrong with a file. */
    public TlsFileException(TlsFile file, String problem) {
        super(problem);
        this.file = file;
    }

    /** Returns which of the files cannot be used. */
    public TlsFile file() {
        return file;
    }
}
