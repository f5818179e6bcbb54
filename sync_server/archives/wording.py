"""The Vietnamese words of an archive's own texts."""

PUBLIC_KEY = """{public}

Khóa công khai (Ed25519) để kiểm tra chữ ký số trên hồ sơ Quyết định của {office}.
Vân tay của khóa: {fingerprint}
"""

READ_ME = """HỒ SƠ QUYẾT ĐỊNH ĐÁNH GIÁ MỨC ĐỘ HÀI LÒNG
{office}, kỳ {span}, bản {version}

Hồ sơ này gồm văn bản đã ban hành và mọi thứ mà các con số trong đó dựa vào, để ai cũng có thể tự kiểm tra.

  quyet-dinh.docx, quyet-dinh.pdf   văn bản
  document.json                     văn bản, trong đó mỗi con số là một trường có tên
  figures.json, figures.csv         giá trị của từng trường: tính được từ lượt đánh giá (computed) hoặc lấy từ nơi
                                    khác (stated), như số hồ sơ đã tiếp nhận
  votes.sqlite                      từng lượt đánh giá; bảng dictionary giải thích các cột. Không có tên, hồ sơ, giờ,
                                    quầy hay công chức của lượt nào
  rules.json                        quy tắc tính và phiếu hỏi của kỳ
  verify.py                         chương trình kiểm tra, chỉ cần Python 3.11 trở lên và thư viện cryptography
  manifest.json, manifest.sig       mã băm SHA-256 của từng tệp, và chữ ký số của cơ quan trên đó
  public-key.txt                    khóa công khai của cơ quan

Cách kiểm tra:

  1. Cài Python (python.org), rồi chạy:  pip install cryptography
  2. Lấy khóa công khai từ nơi cơ quan công bố (trang thông tin điện tử, bảng niêm yết), đừng lấy từ hồ sơ này.
  3. Lấy tệp verify.py ra khỏi hồ sơ (hoặc từ nơi khác mà bạn tin), rồi chạy:
       python verify.py HO-SO.zip --key KHOA-CONG-KHAI
  Thêm  --vote MÃ-LƯỢT  để biết lượt đánh giá ấy có trong hồ sơ và có được tính hay không.

Chương trình đếm lại mọi con số từ votes.sqlite theo rules.json, so với figures.json và với chữ trong
quyet-dinh.docx, so mã băm của từng tệp, mã gốc (cây Merkle theo RFC 6962) và chữ ký số. Nó nói rõ điều gì đúng,
điều gì khác. Tệp PDF chỉ được so bằng mã băm: hãy nhìn nó bên cạnh tệp DOCX.

Mã gốc (root)         {root}
Vân tay (fingerprint) {fingerprint}
"""
