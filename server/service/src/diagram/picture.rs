//! A view of a diagram as PNG or PDF.

use super::file::{scene_of, theme_of, words_checked};
use super::opened::without_hidden;
use crate::error::{Fault, OrAnswer as _};
use crate::export::file_stem;
use crate::services::Services;
use ::picture::{Options, PictureError, pdf, png};
use contract::catalog::DiagramData;
use contract::context::Ctx;
use contract::error::AppError;
use contract::picture::{PictureFile, PictureFormat, PictureRequest};
use diagram::graph::TableNode;
use diagram::paint::View;
use model::account::Permission;
use model::address::table_address;
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A picture takes no longer than this.
const PICTURE_LIMIT: Duration = Duration::from_secs(60);
/// Pixels of a PNG for each of the SVG's, at the most.
const SCALE_MAX: u32 = 4;

/// Set when nobody waits any longer: a request that is given up would leave its work running.
#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Services {
    /// Exactly what the address shows as a picture. It is painted on a thread of its own, few at a
    /// time, and only for as long as somebody waits for it.
    pub(crate) async fn picture(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        request: PictureRequest,
    ) -> Result<PictureFile, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        if let PictureFormat::Png { scale } = request.format
            && !(1..=SCALE_MAX).contains(&scale)
        {
            return Err(AppError::invalid_field(
                "scale",
                format!("The scale is a whole number from 1 to {SCALE_MAX}."),
            ));
        }
        words_checked(query)?;
        let data = without_hidden(self.diagram(ctx, id, query).await?);
        let (extension, media_type) = match request.format {
            PictureFormat::Png { .. } => ("png", "image/png"),
            PictureFormat::Pdf => ("pdf", "application/pdf"),
        };
        let name = format!("{}-diagram.{extension}", file_stem(&data.database_name));
        let waits = GivenUp::default();
        let given_up = waits.0.clone();
        let work = self.pictures.work(None, move || {
            let start = Instant::now();
            let give_up = || given_up.load(Ordering::Relaxed) || start.elapsed() > PICTURE_LIMIT;
            paint(data, &request, &give_up)
        });
        let painted = work.await.or_answer(ctx)?;
        drop(waits);
        let bytes = match painted {
            Ok(bytes) => bytes,
            Err(PictureError::Broken) => {
                return Err(Fault::Inconsistent("no picture".to_owned())).or_answer(ctx);
            }
            Err(error) => return Err(refused(error)),
        };
        Ok(PictureFile {
            name,
            media_type,
            bytes,
        })
    }
}

fn paint(
    data: DiagramData,
    request: &PictureRequest,
    give_up: &dyn Fn() -> bool,
) -> Result<Vec<u8>, PictureError> {
    let database = data.database_id.clone();
    let (scene, title) = scene_of(data);
    let view = View::whole(&scene);
    let theme = theme_of(request.dark);
    let href = |table: &TableNode| {
        // Tables that are gone have numbers below 0, and no page.
        let origin = request.origin.as_ref().filter(|_| table.id >= 0)?;
        let address = table_address(&database, &table.schema, &table.name);
        Some(format!("{origin}{address}"))
    };
    let options = Options {
        title: &title,
        theme: &theme,
        href: Some(&href),
        give_up,
    };
    match request.format {
        PictureFormat::Png { scale } => png(&scene, &view, f64::from(scale), &options),
        PictureFormat::Pdf => pdf(&scene, &view, &options),
    }
}

/// What the person is told.
fn refused(error: PictureError) -> AppError {
    match error {
        PictureError::TooLarge { width, height } => AppError::too_large(format!(
            "This picture would have {width} × {height} pixels, more than programs open. Choose a \
             smaller scale, show fewer tables, or take the SVG or the PDF."
        )),
        PictureError::TooSlow | PictureError::Broken => AppError::unavailable(format!(
            "The picture took longer than {} seconds. Choose a smaller scale, show fewer tables, \
             or take the SVG or the PDF.",
            PICTURE_LIMIT.as_secs()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::error::ErrorKind;

    #[test]
    fn refusals_say_what_would_do() {
        let (width, height) = (70_000, 900);
        let large = refused(PictureError::TooLarge { width, height });
        assert_eq!(large.kind, ErrorKind::TooLarge);
        assert!(large.message.contains("70000 × 900") && large.message.contains("PDF"));
        assert_eq!(refused(PictureError::TooSlow).kind, ErrorKind::Unavailable);
    }
}
