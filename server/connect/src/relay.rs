//! A private Unix socket in front of a TCP connection that we have made ourselves.
//!
//! The database driver looks its host up by itself, and verifies a certificate against the very
//! text that it connects to. So that the address stays the one that was checked while the name
//! stays the one in the certificate, the driver connects to this socket and gives the name only
//! to TLS. The relay passes bytes on; nothing of TLS ends here.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio::task::JoinHandle;

/// A relay for one connection. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Relay {
    folder: Folder,
    task: JoinHandle<()>,
    foreign: Arc<AtomicBool>,
}

/// A folder that only we may enter. It goes when this is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        // A container may have a read-only disk and still its shared memory.
        Self::new_in(&std::env::temp_dir()).or_else(|error| {
            let memory = Path::new("/dev/shm");
            Self::new_in(memory).map_err(|_| error)
        })
    }

    fn new_in(parent: &Path) -> io::Result<Self> {
        // The random state differs for every call; the mode keeps everybody else out anyway, and
        // a folder that is there already is an error.
        let word = RandomState::new().build_hasher().finish();
        let path = parent.join(format!("crowfoot-{word:016x}"));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Relay {
    /// Waits for one connection to a socket of that name and joins it to the stream. The first
    /// byte that comes back must follow a question, and be one that the caller takes for an
    /// answer to it.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub(crate) fn start(
        stream: TcpStream,
        socket_name: &str,
        answers: fn(&[u8], u8) -> bool,
    ) -> io::Result<Self> {
        Self::start_with(stream, socket_name, Some(answers))
    }

    /// The same for servers that speak first, of which the first byte tells nothing.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub(crate) fn start_for_greeter(stream: TcpStream, socket_name: &str) -> io::Result<Self> {
        Self::start_with(stream, socket_name, None)
    }

    fn start_with(
        stream: TcpStream,
        socket_name: &str,
        answers: Option<fn(&[u8], u8) -> bool>,
    ) -> io::Result<Self> {
        let folder = Folder::new()?;
        let listener = UnixListener::bind(folder.0.join(socket_name))?;
        let foreign = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&foreign);
        let task = tokio::spawn(async move {
            let Ok((client, _)) = listener.accept().await else {
                return;
            };
            drop(listener);
            // Either side that hangs up or fails ends both; the driver tells what it means.
            match answers {
                Some(answers) => join(client, stream, answers, &seen).await.ok(),
                None => pass_on(client, stream).await.ok(),
            };
        });
        Ok(Self {
            folder,
            task,
            foreign,
        })
    }

    /// The folder of the socket.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Whether what came back was no answer.
    pub(crate) fn is_foreign(&self) -> bool {
        self.foreign.load(Ordering::Acquire)
    }
}

async fn pass_on(mut client: UnixStream, mut server: TcpStream) -> io::Result<()> {
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

async fn join(
    mut client: UnixStream,
    mut server: TcpStream,
    answers: fn(&[u8], u8) -> bool,
    foreign: &AtomicBool,
) -> io::Result<()> {
    let mut sent = [0; 512];
    let mut first = [0; 1];
    let mut asked = Vec::new();
    loop {
        tokio::select! {
            count = client.read(&mut sent) => {
                let count = count?;
                let Some(bytes) = sent.get(..count).filter(|bytes| !bytes.is_empty()) else {
                    return Ok(());
                };
                server.write_all(bytes).await?;
                asked.extend_from_slice(bytes);
            }
            count = server.read(&mut first) => {
                let [byte] = first;
                if count? == 0 || asked.is_empty() || !answers(&asked, byte) {
                    // A stranger's bytes would be read as a length and waited for. Servers that
                    // speak before they are asked are others too.
                    foreign.store(true, Ordering::Release);
                    return Ok(());
                }
                client.write_all(&first).await?;
                break;
            }
        }
    }
    pass_on(client, server).await
}
